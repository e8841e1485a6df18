// The page in Chinese. A text that is not here is shown in English.

const CHINESE = {
  // The head and notices.
  "live": "已连接", "connecting": "连接中", "locked": "需要令牌", "link lost, again in {count} s": "连接已断开，{count} 秒后重试", "The link was lost and is back.": "连接曾中断，现已恢复。",
  "sent": "已推送", "running": "进行中", "{count} events missed": "漏收 {count} 个事件", "filter": "筛选", "Filter runs and pushes": "筛选场景与推送", "Failing only": "仅看失败",
  "Theme: {theme}": "主题：{theme}", "auto": "跟随系统", "light": "浅色", "dark": "深色", "Keyboard help": "键盘帮助", "To the runs": "跳到运行列表", "Close the notice": "关闭提示",
  "{count} events came faster than they could be told. The figures are the server's; some rungs are missing.": "有 {count} 个事件来得太快，未能逐一送达。数字以服务器为准，部分横档缺失。",
  "the server does not answer": "服务器没有应答", "this token is not the server's": "令牌不正确", "This server asks for its token: it is in what `ringback serve` printed.": "本服务需要令牌：见 `ringback serve` 启动时的输出。",
  "Token": "令牌", "Open": "打开",
  // What can be started.
  "Start a run": "开始一次运行", "Vendor": "厂商", "Scenario": "场景", "find a scenario": "查找场景", "Find a scenario": "查找场景", "No scenario is like that.": "没有这样的场景。",
  "Pace": "速度", "fast": "最快", "Seed": "种子", "seed": "种子", "any": "随机", "Faults": "故障方案", "none": "无", "Target": "目标地址", "the inbox here": "本服务的收件箱",
  "More": "更多", "Calls, one after the other": "通话数（依次进行）", "stand still from the start": "启动后先暂停", "Edit the scenario …": "编辑场景…", "Start": "开始", "By hand": "手动",
  "Nothing happens until you make it happen": "一切由你一步一步触发", "{scenario} by {vendor} has started": "{vendor} 的 {scenario} 已开始", "Edit and play": "编辑并运行", "The scenario, in YAML": "场景（YAML）", "line {line}": "第 {line} 行", "line {line}, column {column}": "第 {line} 行第 {column} 列", "What to do:": "建议：", "It can be told by: {vendors}": "可推送此场景的厂商：{vendors}", "nobody": "无", "Close": "关闭",
  // Runs.
  "Runs": "运行", "Nothing is played yet.": "还没有任何通话。",
  "Choose a vendor and a scenario and press Start, or begin with one of these. Pushes go to the inbox of this server until you name a target.": "选择厂商和场景后点击“开始”，或直接从下面的场景开始。未填写目标地址时，推送发往本服务的收件箱。",
  "paused": "已暂停", "stopped": "已停止", "finished": "已完成", "failed": "失败", "{count} sent": "推送 {count} 次", "{shown} of {all} runs": "显示 {shown} / {all} 次运行",
  "{count} older runs are not drawn": "另有 {count} 次较早的运行未显示", "Calls of this run": "本次运行的通话", "newest": "最新", "{count} further calls are not drawn": "另有 {count} 通通话未显示",
  "and {count} further findings": "另有 {count} 条发现", "Play again with this seed": "用此种子重放", "By hand again, without the steps": "再次手动（不重复动作）", "Play again, without what was done by hand": "重放（不含手动操作）", "All that was asked for, with the same seed and start: the same pushes.": "沿用全部设置、种子和开始时间，推送相同。", "Remove": "移除", "the command that plays it again": "重放命令",
  "{vendor} does not tell this story: {reason}": "{vendor} 不推送此场景：{reason}", "{url} cannot be reached: {message}": "无法连接 {url}：{message}",
  "The vendor pushes no more to {url}: {count} attempts failed in a row.": "连续 {count} 次失败，厂商已停止向 {url} 推送。",
  // What can be done by hand.
  "Time": "时间", "Call": "通话", "Fault": "故障", "Pause": "暂停", "Resume": "继续", "One push": "单步", "Stop": "停止", "How long": "时长", "Steps of the call": "通话动作", "Faults by hand": "手动故障",
  "Drop next": "丢弃下一条", "Duplicate last": "重复上一条", "Swap next": "交换后两条", "Delay": "延迟", "Refuse": "拒连", "another step": "其他动作", "Another step, as in a script": "其他动作（按脚本写法）",
  "Do": "执行", "no step is possible now": "当前没有可执行的动作", "too fast for steps: pause it, or choose a pace": "速度过快，请先暂停或调慢再执行动作",
  "pause": "暂停", "go on": "继续", "let one push leave": "放行一条推送", "pace {0}": "速度 {0}", "drop the next push": "丢弃下一条推送", "repeat the last push": "重复上一条推送", "swap the next two pushes": "交换后两条推送",
  "delay the next push by {0}": "下一条推送延迟 {0}", "refuse connections for {0}": "{0} 内拒绝连接",
  "Ring": "振铃", "Answer": "接听", "Decline": "拒接", "Hang up": "挂断", "Hold": "保持", "Take back": "取回", "Transfer to": "转接给", "Into the queue": "进入队列", "Press keys": "按键", "Into the menu": "进入语音菜单", "Reserve": "锁定",
  "Consult": "咨询", "Conference": "会议", "Listen in": "监听", "Whisper": "耳语", "Barge in": "强插", "Intercept": "拦截", "Leave a message": "留言", "Answer the survey": "满意度评价", "Recording ready": "录音就绪",
  "Log in": "签入", "Log out": "签出", "Write": "发消息", "Read": "已读", "End the chat": "结束会话", "Create": "创建", "Schedule": "定时", "Finish": "完成", "Fail": "失败", "Cancel": "取消", "Delete": "删除", "Revoke": "撤回", "Collapse": "覆盖",
  // The ladder.
  "customer": "客户", "queue": "队列", "agents": "坐席", "platform": "平台", "receiver": "接收方", "Ladder of {scenario} by {vendor}": "{vendor} · {scenario} 的时序图",
  "{count} earlier rungs are not drawn": "较早的 {count} 档未绘出", "{count} rungs are hidden by the filter": "筛选隐藏了 {count} 档", "no answer yet": "尚无应答", "Nothing has happened yet: press a step above.": "尚未发生任何事：请点击上方的动作。", "Nothing has happened yet.": "尚未发生任何事。", "not acknowledged": "未确认", "acknowledged": "已确认",
  "try {at} of {most} at {time}": "第 {at}/{most} 次，{time}", "try {at}/{most}": "第 {at}/{most} 次", "was held": "曾等待", "waited {time}": "等待了 {time}", "next try in {time}": "{time} 后重试", "next try now": "即将重试",
  "as the receiver asked": "按接收方要求", "given up after {count}": "{count} 次后放弃", "not taken, as a spoilt push may be": "未被接受（推送已被破坏）", "waits its turn": "等待前一条推送", "never sent": "从未发出", "in {time}": "{time} 后", "next": "下一条",
  "unresolved": "域名无法解析", "refused": "无法连接", "tls": "TLS 失败", "timeout": "超时", "closed": "连接被关闭", "not http": "不是 HTTP", "unsendable": "无法发送", "fault": "被故障中断",
  "a push": "推送", "a push, tried again": "重试的推送", "acknowledged, with a warning": "已确认，但有警告", "a fault": "故障", "a finding": "发现的问题", "held back": "等待前一条",
  // The open push.
  "Details": "详情", "Push": "推送", "Choose a push on a ladder: here is what was sent, and what came back.": "点击时序图中的一条推送：这里显示发出的内容和收到的应答。", "Close the push": "关闭推送", "Opened: {push}": "已打开：{push}",
  "call {call}": "通话 {call}", "It has not left yet.": "尚未发出。", "Request": "请求", "The receiver's answer": "接收方的应答", "Send it by hand": "手动发送", "the request as curl": "curl 命令", "expected": "期望", "found": "实际", "said": "应答",
  "Body of the push": "推送正文", "Body of the answer": "应答正文", "no body": "无正文", "The answer went on; no more of it was read.": "应答过长，未全部读取。", "Copy": "复制", "Copied": "已复制", "Copy {what}": "复制{what}", "Select it by hand": "请手动选取",
  "connect": "连接", "TLS": "TLS", "first byte": "首字节", "in all": "总计",
  "waiting": "等待中", "held": "排队中", "in flight": "发送中", "retrying": "等待重试", "given up": "已放弃", "dropped": "已丢弃", "withdrawn": "已撤销",
  "the vendor's page about these pushes": "厂商的推送文档页", "another page of the vendor": "厂商的其他文档页", "concluded: no page says it": "推断：文档未说明",
  // Inboxes.
  "Inbox": "收件箱", "Which inbox": "选择收件箱", "It behaves": "行为", "{count} received": "已收到 {count} 条", "Nothing has come yet.": "尚未收到任何请求。", "Clear": "清空", "hung up": "直接断开", "{count} earlier requests are not drawn": "较早的 {count} 条未显示",
  "The inbox behaves: {how}": "收件箱行为：{how}", "ok": "正常", "slow": "缓慢", "refuse": "拒绝", "flaky": "时好时坏", "hang-up": "断开连接", "not-json": "返回网页",
  // The keyboard.
  "Keyboard": "键盘", "start the scenario; start it by hand": "开始场景；手动开始", "to the vendor": "到厂商选择", "to the ladder": "到时序图", "the rung before, the next rung; in a list the line": "上一档、下一档；列表中为上一行、下一行",
  "open the push, close it": "打开或关闭推送", "the steps of the call, in the order of their buttons": "按钮顺序的通话动作", "pause or resume; one push": "暂停或继续；单步", "drop the next, duplicate the last, swap the next two": "丢弃下一条、重复上一条、交换后两条",
  "the run before, the next run": "上一次、下一次运行", "push or inbox": "推送或收件箱", "failing runs only; filter": "仅看失败；筛选", "language; light or dark": "语言；明暗", "close, and back": "关闭并返回",
};

// What happens in a call: the words of the API, and theirs.
const CHINESE_HAPPENINGS = [
  [/^the call starts$/, "通话开始"], [/^taken up from task (.+)$/, "由任务 $1 发起"], [/^the customer hears the menu$/, "客户进入语音菜单"], [/^the customer leaves the menu$/, "客户离开语音菜单"],
  [/^the customer presses (.+)$/, "客户按键 $1"], [/^the customer waits in the queue$/, "客户排队等待"], [/^(.+) is reserved$/, "锁定坐席 $1"],
  [/^transfer: (.+)'s phone rings$/, "转接：$1 振铃"], [/^consult: (.+)'s phone rings$/, "咨询：$1 振铃"], [/^conference: (.+)'s phone rings$/, "会议：$1 振铃"], [/^(listen|whisper|barge|intercept): (.+)'s phone rings$/, "监控：$2 振铃"],
  [/^transfer: (.+) does not answer$/, "转接：$1 未接听"], [/^consult: (.+) does not answer$/, "咨询：$1 未接听"], [/^conference: (.+) does not answer$/, "会议：$1 未接听"], [/^(listen|whisper|barge|intercept): (.+) does not answer$/, "监控：$2 未接听"],
  [/^transfer: (.+) answers$/, "转接：$1 接听"], [/^consult: (.+) answers$/, "咨询：$1 接听"], [/^conference: (.+) answers$/, "会议：$1 接听"], [/^(listen|whisper|barge|intercept): (.+) answers$/, "监控：$2 接听"],
  [/^the customer's phone rings$/, "客户振铃"], [/^(.+)'s phone rings$/, "$1 振铃"], [/^the customer answers the survey with (.+)$/, "客户评价 $1"], [/^the customer answers$/, "客户接听"], [/^(.+) does not answer$/, "$1 未接听"], [/^(.+) answers$/, "$1 接听"],
  [/^the customer is put on hold$/, "客户被保持"], [/^the customer is taken back$/, "客户被取回"], [/^(.+) joins$/, "$1 加入"],
  [/^the agent's side hangs up$/, "坐席侧挂断"], [/^the customer's side hangs up$/, "客户侧挂断"], [/^the platform hangs up$/, "平台挂断"], [/^the lines are released$/, "线路释放"],
  [/^the customer starts a message$/, "客户开始留言"], [/^the customer has left a message$/, "客户留言完毕"], [/^the customer is asked a survey$/, "邀请客户评价"], [/^the recording is ready$/, "录音就绪"], [/^the transcript is ready$/, "转写就绪"],
  [/^the platform hears (.+)$/, "平台识别到 $1"], [/^the robot understands the customer$/, "机器人理解了客户"], [/^(.+) changes state$/, "$1 状态变化"], [/^(.+) logs in$/, "$1 签入"], [/^(.+) logs out$/, "$1 签出"], [/^the conversation is over$/, "通话结束"],
  [/^the customer opens the chat$/, "客户发起会话"], [/^the customer waits for an agent$/, "客户等待坐席"], [/^(.+) takes the customer$/, "$1 接入会话"], [/^(.+) writes$/, "$1 发消息"], [/^(.+) sends a file$/, "$1 发送文件"], [/^(.+) sends a place$/, "$1 发送位置"],
  [/^(.+) has read a message$/, "$1 已读消息"], [/^(.+) has read (\d+) messages$/, "$1 已读 $2 条消息"], [/^(.+) hands the chat to (?:the queue )?(.+)$/, "$1 转给 $2"], [/^(.+) ends the chat, the customer can go on writing$/, "$1 结束会话，客户仍可留言"], [/^(.+) ends the chat$/, "$1 结束会话"],
  [/^(.+) is created$/, "$1 已创建"], [/^(.+) is scheduled$/, "$1 已定时"], [/^(.+) is being pushed$/, "$1 推送中"], [/^(.+) is finished$/, "$1 已完成"], [/^(.+) is not to be pushed$/, "$1 推送失败"], [/^(.+) is cancelled$/, "$1 已取消"],
  [/^(.+) is deleted while it was being pushed$/, "$1 推送中被删除"], [/^(.+) is deleted$/, "$1 已删除"], [/^(.+) is revoked$/, "$1 已撤回"], [/^(.+) is covered by a later one$/, "$1 被后一条覆盖"],
];
