//! What `--wait-for` and `--wait-for-status` take for ready, through the command.

use crate::support::command::{Done, done, ringback, run};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// A receiver that answers each question about its readiness by the next of these statuses, at last always by the last one; it
/// takes every push.
struct Waking {
    address: String,
    /// What was asked, in order: the method of each request.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Waking {
    fn with(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let statuses = Arc::new(Mutex::new(statuses.iter().copied().collect::<VecDeque<u16>>()));
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let hears = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (statuses, hears) = (statuses.clone(), hears.clone());
                std::thread::spawn(move || while answer(&stream, &statuses, &hears).is_some() {});
            }
        });
        Self { address, asked }
    }

    fn wait(&self, more: &[&str]) -> (Done, usize) {
        let [hook, ready] = ["hook", "ready"].map(|path| format!("http://{}/{path}", self.address));
        let story = ["run", "outbound-answered", "--vendor", "udesk", "--target", &hook, "--wait-for", &ready];
        self.done(ringback(&[&story[..], more].concat()))
    }

    /// How a command ended, and how often it asked; every question comes before the first push.
    fn done(&self, command: std::process::Command) -> (Done, usize) {
        let done = done(command);
        let asked = std::mem::take(&mut *self.asked.lock().expect("a lock"));
        let questions = asked.iter().take_while(|method| *method == "GET").count();
        assert!(asked[questions..].iter().all(|method| method == "POST"), "{asked:?}");
        assert_eq!(asked.len() - questions, if done.code == 0 { 4 } else { 0 }, "{}{}", done.out, done.err);
        (done, questions)
    }
}

fn answer(mut stream: &TcpStream, statuses: &Mutex<VecDeque<u16>>, hears: &Mutex<Vec<String>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut method, mut length) = (String::new(), None, 0);
    while reader.read_line(&mut line).ok().filter(|count| *count > 0).is_some() && line.trim() != "" {
        method = method.or_else(|| Some(line.split(' ').next()?.to_owned()));
        length = line.strip_prefix("Content-Length: ").and_then(|count| count.trim().parse().ok()).unwrap_or(length);
        line.clear();
    }
    let method = method?;
    std::io::copy(&mut std::io::Read::take(&mut reader, length), &mut std::io::sink()).ok()?;
    let status = match method.as_str() {
        "GET" => {
            let mut statuses = statuses.lock().expect("a lock");
            if statuses.len() > 1 { statuses.pop_front() } else { statuses.front().copied() }
        }
        _ => Some(200),
    };
    hears.lock().expect("a lock").push(method);
    let body = if status == Some(204) { "" } else { "Content-Length: 15\r\n\r\n{\"code\": 1000 }\n" };
    let end = if body.is_empty() { "\r\n" } else { "" };
    write!(stream, "HTTP/1.1 {} Any\r\n{}{end}", status?, body.trim_end()).ok()
}

#[test]
fn a_status_that_is_named_is_waited_for_and_no_other_will_do() {
    for (statuses, more, questions) in [
        (&[503, 404, 200, 204][..], &["--wait-for-status", "204"][..], 4),
        (&[503, 404, 302, 204], &["--wait-for-status", "2xx"], 4),
        (&[404, 401, 200], &["--wait-for-status", "200", "--wait-for-status", "401"], 2),
        (&[200, 503], &["--wait-for-status", "503"], 2),
        // What a proxy answers in place of its receiver is not an answer; anything else is.
        (&[502, 503, 504, 404], &[], 4),
    ] {
        let (done, asked) = Waking::with(statuses).wait(more);
        assert_eq!((done.code, asked), (0, questions), "{statuses:?} {more:?}: {}{}", done.out, done.err);
    }
    let waking = Waking::with(&[404, 301, 201]);
    let target = format!("http://{}/", waking.address);
    let mut command = ringback(&["run", "outbound-answered", "--vendor", "udesk", "--target", &target]);
    command.env("RINGBACK_WAIT_FOR", &target).env("RINGBACK_WAIT_FOR_STATUS", "201, 3xx");
    assert_eq!(waking.done(command).1, 2);
}

#[test]
fn where_it_never_comes_nothing_is_sent() {
    let (never, asked) = Waking::with(&[404]).wait(&["--wait-for-status", "2xx", "--wait-limit", "300ms"]);
    assert!(never.code == 3 && asked > 0, "{}{}", never.out, never.err);
    assert!(never.err.contains("it answered 404") && never.err.contains("--wait-limit"), "{}", never.err);
    for (arguments, told) in [
        (&["run", "--built-in", "--wait-for-status", "200"][..], "--wait-for <URL>"),
        (&["run", "--built-in", "--wait-for", "http://127.0.0.1:9/", "--wait-for-status", "20"], "`2xx`"),
    ] {
        let refused = run(arguments);
        assert!(refused.code == 2 && refused.err.contains(told), "{}", refused.err);
    }
}
