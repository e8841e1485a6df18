//! Text becomes a tree of texts, lists and maps that remembers where everything stands; what the words mean is decided elsewhere.

use super::not_yaml;
use super::problems::{Problem, Span};
use crate::diagnostic::Code;
use crate::spelling::tick;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::collections::BTreeMap;

/// The longest text of a scenario, in bytes.
pub const FILE_MAX_BYTES: usize = 1024 * 1024;
/// How deep lists and maps can stand within each other.
pub const NESTING_MAX: usize = 64;
/// How many keys and values a file can have; what an alias repeats counts again.
pub const NODES_MAX: usize = 100_000;
/// How many keys one map can have.
pub const KEYS_MAX: usize = 1000;
/// The longest key, in bytes.
pub const KEY_MAX_BYTES: usize = 2000;
/// How many keys and values of a file can be kept under anchors; what stands under several counts for each.
const ANCHORED_MAX_NODES: usize = NODES_MAX;
/// How many bytes of text can be kept under the anchors of a file and repeated by its aliases.
pub const REPEATED_MAX_BYTES: usize = 4 * FILE_MAX_BYTES;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Where; for [`Kind::Nothing`], where its key stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// No value at all, `~` or `null`.
    Nothing,
    /// A text as written, quotes and escapes taken off.
    Scalar {
        /// Its characters.
        text: String,
        /// Whether it was in quotes, or a block of text.
        quoted: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// Keys with values, in file order.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub at: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// What it is, for messages: "a list".
    pub fn kind_in_words(&self) -> &'static str {
        match &self.kind {
            Kind::Nothing => "nothing",
            Kind::Scalar { quoted: true, .. } => "a text",
            Kind::Scalar { text, .. } if matches!(text.as_str(), "true" | "false") => "a true or false",
            Kind::Scalar { text, .. } if text.parse::<f64>().is_ok() => "a number",
            Kind::Scalar { .. } => "a text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a set of keys",
        }
    }

    /// How large it is, with everything in it.
    fn size(&self) -> Size {
        match &self.kind {
            Kind::Nothing => Size { nodes: 1, ..Size::default() },
            Kind::Scalar { text, .. } => Size { nodes: 1, bytes: text.len(), depth: 0 },
            Kind::List(items) => items.iter().map(Node::size).fold(Size::around(), Size::and),
            Kind::Map(entries) => entries.iter().fold(Size::around(), |size, entry| {
                let key = Size { nodes: 1, bytes: entry.key.len(), depth: 0 };
                size.and(key).and(entry.value.size())
            }),
        }
    }
}

/// How large a value is, with everything in it.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    /// The keys and values.
    nodes: usize,
    /// The texts among them.
    bytes: usize,
    /// The lists and maps within each other.
    depth: usize,
}

impl Size {
    /// A list or a map around nothing yet.
    fn around() -> Self {
        Self { nodes: 1, bytes: 0, depth: 1 }
    }

    /// The same with one more thing in it.
    fn and(self, inner: Self) -> Self {
        Self {
            nodes: self.nodes + inner.nodes,
            bytes: self.bytes + inner.bytes,
            depth: self.depth.max(1 + inner.depth),
        }
    }
}

/// Reads a text without a byte order mark. Keys that stand twice are added to `problems`, the first one counts.
///
/// # Errors
/// Why it is no YAML, or which limit it breaks.
pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Result<Node, Problem> {
    if text.len() > FILE_MAX_BYTES {
        let message = format!("the file has {} bytes, more than the {FILE_MAX_BYTES} that are read", text.len());
        return Err(Problem::new(Code::TooLarge, &(0..0), message).help("split it into several scenarios"));
    }
    let mut tree = Tree::new(text);
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => tree.take(event, tree.bytes(&span), problems)?,
            Err(error) => {
                let open = tree.open.iter().rev().find(|open| open.flow).map(|open| open.span.clone());
                return Err(not_yaml::problem(text, tree.byte(error.marker().index()), error.info(), open));
            }
        }
    }
    tree.root.ok_or_else(|| {
        Problem::new(Code::NotYaml, &(0..0), "the file is empty: it has no title, no subject and no script")
            .help("`ringback show outbound-answered` prints a scenario to start from")
    })
}

/// A list or map whose end has not come yet.
struct Open {
    span: Span,
    anchor: usize,
    /// Whether it stands in brackets.
    flow: bool,
    list: Option<Vec<Node>>,
    entries: Vec<Entry>,
    /// Where each key stands first.
    seen: BTreeMap<String, Span>,
    key: Option<(String, Span)>,
}

struct Tree<'t> {
    text: &'t str,
    /// The byte of every character: the parser counts characters.
    starts: Option<Vec<usize>>,
    open: Vec<Open>,
    anchors: BTreeMap<usize, (Node, Size)>,
    /// What is kept under anchors, and the text that aliases have repeated.
    repeated: Size,
    nodes: usize,
    documents: usize,
    root: Option<Node>,
}

impl<'t> Tree<'t> {
    fn new(text: &'t str) -> Self {
        let starts = (!text.is_ascii()).then(|| text.char_indices().map(|(byte, _)| byte).collect());
        Self {
            text,
            starts,
            open: Vec::new(),
            anchors: BTreeMap::new(),
            repeated: Size::default(),
            nodes: 0,
            documents: 0,
            root: None,
        }
    }

    fn byte(&self, character: usize) -> usize {
        let byte = self.starts.as_ref().map(|starts| starts.get(character).copied().unwrap_or(self.text.len()));
        byte.unwrap_or(character).min(self.text.len())
    }

    fn bytes(&self, span: &saphyr_parser::Span) -> Span {
        self.byte(span.start.index())..self.byte(span.end.index())
    }

    fn take(&mut self, event: Event<'_>, span: Span, problems: &mut Vec<Problem>) -> Result<(), Problem> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => self.document(&span),
            Event::Scalar(text, style, anchor, tag) => {
                let quoted = style != ScalarStyle::Plain || text_tag(tag.as_deref(), &span)?;
                let nothing = !quoted && matches!(text.as_ref(), "" | "~" | "null");
                let kind = if nothing { Kind::Nothing } else { Kind::Scalar { text: text.into_owned(), quoted } };
                self.put(Node { span, kind }, anchor, problems)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some((_, size)) => {
                    let size = *size;
                    self.nodes += size.nodes;
                    self.repeat(Size { nodes: 0, ..size }, &span)?;
                    self.room_for(size.depth, &span)?;
                    match self.anchors.get(&anchor).map(|(node, _)| node.clone()) {
                        Some(node) => self.put(node, 0, problems),
                        None => Ok(()),
                    }
                }
                None => {
                    Err(Problem::new(Code::NotYaml, &span, "an alias stands for something that holds the alias itself"))
                }
            },
            Event::SequenceStart(anchor, tag) => self.start(span, anchor, tag.as_deref(), Some(Vec::new())),
            Event::MappingStart(anchor, tag) => self.start(span, anchor, tag.as_deref(), None),
            Event::SequenceEnd | Event::MappingEnd => self.end(span, problems),
        }
    }

    fn document(&mut self, span: &Span) -> Result<(), Problem> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        Err(Problem::new(Code::NotYaml, span, "a second document starts here, and a file holds one scenario")
            .help("write it into a file of its own, and give the folder as SCENARIO to play both"))
    }

    fn start(&mut self, span: Span, anchor: usize, tag: Option<&Tag>, list: Option<Vec<Node>>) -> Result<(), Problem> {
        text_tag(tag, &span)?;
        self.room_for(1, &span)?;
        let flow = self.text[span.clone()].trim_end().ends_with(['[', '{']);
        self.open.push(Open { span, anchor, flow, list, entries: Vec::new(), seen: BTreeMap::new(), key: None });
        Ok(())
    }

    fn end(&mut self, span: Span, problems: &mut Vec<Problem>) -> Result<(), Problem> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let last = match &open.list {
            Some(items) => items.last().map(|item| item.span.end),
            None => open.entries.last().map(|entry| entry.value.span.end.max(entry.at.end)),
        };
        let end = if open.flow { span.end } else { last.unwrap_or(open.span.end) };
        let kind = open.list.map_or(Kind::Map(open.entries), Kind::List);
        self.put(Node { span: open.span.start..end.max(open.span.start), kind }, open.anchor, problems)
    }

    /// Whether the limits leave room for something that is so deep.
    fn room_for(&self, depth: usize, span: &Span) -> Result<(), Problem> {
        if self.open.len() + depth > NESTING_MAX {
            let message = format!("lists and keys stand more than {NESTING_MAX} deep within each other");
            return Err(Problem::new(Code::TooLarge, span, message));
        }
        if self.nodes > NODES_MAX {
            let message = format!("the file has more than {NODES_MAX} keys and values");
            return Err(Problem::new(Code::TooLarge, span, message).help("split it into several scenarios"));
        }
        Ok(())
    }

    /// Counts what is kept a second time, before it is.
    fn repeat(&mut self, size: Size, span: &Span) -> Result<(), Problem> {
        self.repeated.nodes += size.nodes;
        self.repeated.bytes += size.bytes;
        if self.repeated.bytes > REPEATED_MAX_BYTES {
            let message = format!("anchors and aliases repeat more than {REPEATED_MAX_BYTES} bytes of text");
            return Err(Problem::new(Code::TooLarge, span, message).help("write shorter texts, or repeat them less"));
        }
        if self.repeated.nodes > ANCHORED_MAX_NODES {
            let message = format!("the anchors of the file hold more than {ANCHORED_MAX_NODES} keys and values");
            return Err(Problem::new(Code::TooLarge, span, message).help("put anchors on smaller parts"));
        }
        Ok(())
    }

    fn put(&mut self, node: Node, anchor: usize, problems: &mut Vec<Problem>) -> Result<(), Problem> {
        self.nodes += 1;
        self.room_for(0, &node.span)?;
        if anchor > 0 {
            let size = node.size();
            self.repeat(size, &node.span)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        if let Some(items) = &mut open.list {
            items.push(node);
            return Ok(());
        }
        let Some((key, at)) = open.key.take() else {
            if open.entries.len() >= KEYS_MAX {
                let message = format!("more than {KEYS_MAX} keys stand side by side here");
                return Err(Problem::new(Code::TooLarge, &node.span, message).help("split it into several scenarios"));
            }
            open.key = Some(key(node)?);
            return Ok(());
        };
        let value = if node.kind == Kind::Nothing { Node { span: at.clone(), kind: Kind::Nothing } } else { node };
        match open.seen.get(&key) {
            Some(first) => problems.push(
                Problem::new(Code::Twice, &at, format!("the key {} stands here twice", tick(&key)))
                    .label("again")
                    .also(first, "first here")
                    .help("keep one of the two"),
            ),
            None => {
                open.seen.insert(key.clone(), at.clone());
                open.entries.push(Entry { key, at, value });
            }
        }
        Ok(())
    }
}

fn key(node: Node) -> Result<(String, Span), Problem> {
    match node.kind {
        Kind::Scalar { text, .. } if text.len() > KEY_MAX_BYTES => {
            let message = format!("this key has {} bytes, more than {KEY_MAX_BYTES}", text.len());
            Err(Problem::new(Code::TooLarge, &node.span, message))
        }
        Kind::Scalar { text, quoted: false } if text == "<<" => {
            Err(Problem::new(Code::NotYaml, &node.span, "YAML merge keys (`<<`) are not read here")
                .help("write the keys out; an alias can stand for a whole value: `headers: *common`"))
        }
        Kind::Scalar { text, .. } => Ok((text, node.span)),
        Kind::Nothing => Ok(("~".to_owned(), node.span)),
        Kind::List(_) | Kind::Map(_) => Err(Problem::new(
            Code::NotYaml,
            &node.span,
            format!("a key is a text, and this is {}", node.kind_in_words()),
        )),
    }
}

/// Whether a tag makes a value a text. No other tag is understood.
fn text_tag(tag: Option<&Tag>, span: &Span) -> Result<bool, Problem> {
    match tag {
        None => Ok(false),
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => Ok(true),
        Some(tag) => {
            let shown = if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
            Err(Problem::new(Code::NotYaml, span, format!("the tag {} means nothing here", tick(&shown)))
                .help("take the tag out; quotes make a value a text"))
        }
    }
}
