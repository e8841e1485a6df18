//! Bends a text a little, or makes one part of it much larger.

use ringback::random::Stream;

/// The longest input.
const INPUT_MAX_BYTES: usize = 200_000;

const WORDS: [&str; 44] = [
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "*",
    "?",
    "..",
    "$",
    "@",
    "&a ",
    "*a",
    "<<: *a",
    "- ",
    ": ",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\"",
    "'",
    "\\",
    "\u{feff}",
    "\u{85}",
    "满",
    "99999999999999999999",
    "-1",
    "1e999",
    "0",
    "7d",
    "100%",
    "!!str ",
    "|\n  ",
    "---\n",
    "#",
    "{call.id}",
    "{env.X}",
    "null",
    "true",
    "%00",
    "Content-Length: ",
    "Transfer-Encoding: chunked\r\n",
    "~",
];

fn place(stream: &mut Stream, length: usize) -> usize {
    stream.below(length as u64 + 1) as usize
}

fn range(stream: &mut Stream, length: usize) -> std::ops::Range<usize> {
    let start = place(stream, length);
    let most = [1, 4, 16, 64, 1_000][stream.below(5) as usize];
    start..(start + place(stream, most)).min(length)
}

/// One of the corpus, bent.
pub fn mutate(corpus: &[Vec<u8>], stream: &mut Stream) -> Vec<u8> {
    let mut text = stream.pick(corpus).clone();
    for _ in 0..=stream.below(4) {
        let at = place(stream, text.len());
        let part = range(stream, text.len());
        match stream.below(8) {
            0 => drop(text.drain(part)),
            1 => {
                let word = stream.pick(&WORDS).as_bytes().to_vec();
                text.splice(at..at, word);
            }
            2 => {
                let word = stream.pick(&WORDS).as_bytes().to_vec();
                text.splice(part, word);
            }
            3 => {
                let other = stream.pick(corpus);
                let taken = other[range(stream, other.len())].to_vec();
                text.splice(at..at, taken);
            }
            4 => {
                let times = [2, 10, 100, 3_000][stream.below(4) as usize];
                let repeated = text[part].repeat(times);
                text.splice(at..at, repeated.into_iter().take(INPUT_MAX_BYTES));
            }
            5 => {
                // Nested: brackets around a part of it.
                let (open, close) = *stream.pick(&[("[", "]"), ("{a: ", "}"), ("(", ")"), ("[?@", "]"), ("!(", ")")]);
                let times = [1, 3, 30, 2_000][stream.below(4) as usize];
                let nested =
                    [open.repeat(times).as_bytes(), &text[part.clone()], close.repeat(times).as_bytes()].concat();
                text.splice(part, nested);
            }
            6 if !text.is_empty() => {
                let at = at.min(text.len() - 1);
                text[at] ^= 1 << stream.below(8);
            }
            _ => {
                let word = stream.pick(&WORDS).repeat([1, 5, 500][stream.below(3) as usize]);
                text.splice(at..at, word.into_bytes());
            }
        }
    }
    text.truncate(INPUT_MAX_BYTES);
    text
}
