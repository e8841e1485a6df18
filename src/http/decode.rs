//! Makes text of the body of an answer: what `Content-Encoding` compressed, then what `charset` encoded. Pure, and bounded at
//! every step; whatever is odd becomes a remark, never a failure.

use super::{BODY_READ_MAX_BYTES, Reply};
use brotli_decompressor::{BrotliDecoderParameter, Decompressor};
use encoding_rs::{Encoding, UTF_8};
use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{ErrorKind, Read};

/// How many encodings may lie on top of each other; a body with more is left as it is.
pub const ENCODINGS_MAX: usize = 4;
/// The buffer of the brotli reader.
const BROTLI_BUFFER_BYTES: usize = 4096;
/// How much of a name that a receiver gave is repeated.
const NAME_SHOWN_MAX_CHARS: usize = 30;

/// Whether the request had an `Accept-Encoding`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// It had: a compressed answer is what was asked for.
    Asked,
    /// It had not.
    Unasked,
}

impl Reply {
    /// The answer with its body as text in UTF-8: decompressed, and decoded by its byte order mark or else its `charset`.
    /// The headers stay as they came.
    pub fn decoded(mut self, compression: Compression) -> Reply {
        let mut remarks: Vec<String> = self.remark.take().into_iter().collect();
        remarks.extend(self.body_of_none());
        if !self.body.is_empty() {
            self.decompress(compression, &mut remarks);
            self.transcribe(&mut remarks);
        }
        self.remark = (!remarks.is_empty()).then(|| remarks.join("; "));
        self
    }

    /// What is wrong with a 204 that announces a body. The body itself is never read (RFC 9112, 6.3).
    fn body_of_none(&self) -> Option<String> {
        let announces = self.header("content-length").is_some_and(|length| length.trim() != "0")
            || self.header("transfer-encoding").is_some();
        (self.status == 204 && announces).then(|| "a 204 has no body, but this one announces one".to_owned())
    }

    fn decompress(&mut self, compression: Compression, remarks: &mut Vec<String>) {
        let encodings: Vec<String> = self
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"))
            .flat_map(|(_, value)| value.split(','))
            .map(|encoding| encoding.trim().to_ascii_lowercase())
            .filter(|encoding| !encoding.is_empty() && encoding != "identity")
            .collect();
        if encodings.len() > ENCODINGS_MAX {
            remarks.push(format!("the body is left as it is: it has more than {ENCODINGS_MAX} encodings"));
            return;
        }
        // The last encoding was applied last, so it comes off first.
        for encoding in encodings.iter().rev() {
            let Some(unpacked) = unpacked(encoding, &self.body) else {
                remarks.push(format!("the body is left as it is: the encoding `{}` is not known", shown(encoding)));
                return;
            };
            let was_cut = self.truncated;
            self.truncated |= unpacked.is_cut;
            self.body = unpacked.bytes.into();
            match unpacked.flaw {
                // Half a stream always ends too early.
                Some(_) if was_cut => {}
                Some(flaw) => {
                    remarks.push(format!("the {encoding} stream of the body is damaged: {flaw}"));
                    return;
                }
                None => {}
            }
        }
        if !encodings.is_empty() && compression == Compression::Unasked {
            remarks.push(format!("compressed by {}, though nobody asked for it", encodings.join(", then ")));
        }
    }

    fn transcribe(&mut self, remarks: &mut Vec<String>) {
        let label = self.header("content-type").and_then(charset);
        let named = label.as_deref().map(|label| (label, Encoding::for_label(label.as_bytes())));
        let marked = Encoding::for_bom(&self.body);
        let encoding = match (marked, named) {
            (Some((encoding, _)), _) | (None, Some((_, Some(encoding)))) => encoding,
            (None, Some((label, None))) => {
                remarks.push(format!("the charset `{}` is not known; read as UTF-8", shown(label)));
                UTF_8
            }
            (None, None) => UTF_8,
        };
        if let Some((encoding, _)) = marked {
            remarks.push(format!("the body begins with a byte order mark of {}", encoding.name()));
        }
        if marked.is_none() && encoding == UTF_8 && std::str::from_utf8(&self.body).is_ok() {
            return;
        }
        let (text, is_cut, is_wrong) = text(encoding, &self.body, self.truncated);
        if is_wrong {
            remarks.push(format!("the body is not {}; wrong bytes are replaced", encoding.name()));
        }
        self.truncated |= is_cut;
        self.body = text.into();
    }
}

/// What came out of one encoding.
struct Unpacked {
    bytes: Vec<u8>,
    /// Whether there was more than may be kept.
    is_cut: bool,
    /// Why it broke off.
    flaw: Option<String>,
}

/// The bytes without this encoding, as far as they may be kept; `None` for an encoding that is not known.
fn unpacked(encoding: &str, bytes: &[u8]) -> Option<Unpacked> {
    Some(match encoding {
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(bytes)),
        // The name means zlib, but many senders leave the wrapping out (RFC 9110, 8.4.1.2).
        "deflate" if is_zlib(bytes) => {
            let wrapped = read(ZlibDecoder::new(bytes));
            // Bare bytes can look wrapped by chance.
            let bare = || Some(read(DeflateDecoder::new(bytes))).filter(|bare| bare.flaw.is_none());
            if wrapped.flaw.is_some() { bare().unwrap_or(wrapped) } else { wrapped }
        }
        "deflate" => read(DeflateDecoder::new(bytes)),
        "br" => {
            let mut reader = Decompressor::new(bytes, BROTLI_BUFFER_BYTES);
            // HTTP knows windows of 16 MiB at most (RFC 7932, 9.1); the larger ones of the format would be memory for nothing.
            reader.set_parameter(BrotliDecoderParameter::BROTLI_DECODER_PARAM_LARGE_WINDOW, 0);
            read(reader)
        }
        _ => return None,
    })
}

/// Whether bytes begin as zlib does (RFC 1950, 2.2).
fn is_zlib(bytes: &[u8]) -> bool {
    match bytes {
        [method, flags, ..] => method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0,
        [] | [_] => false,
    }
}

fn read(mut reader: impl Read) -> Unpacked {
    let mut bytes = Vec::new();
    let ended = reader.by_ref().take(BODY_READ_MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    let is_cut = bytes.len() > BODY_READ_MAX_BYTES;
    bytes.truncate(BODY_READ_MAX_BYTES);
    let flaw = ended.err().map(|error| match error.kind() {
        ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        _ => error.to_string().to_ascii_lowercase(),
    });
    Unpacked { bytes, is_cut, flaw }
}

/// The text in these bytes, as far as it may be kept; whether there was more, and whether bytes were wrong. Of a body that is
/// `cut` already, half a character at the end is not wrong.
fn text(encoding: &'static Encoding, bytes: &[u8], cut: bool) -> (String, bool, bool) {
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let most = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(BODY_READ_MAX_BYTES);
    let mut text = String::with_capacity(most.min(BODY_READ_MAX_BYTES));
    let (result, _, is_wrong) = decoder.decode_to_string(bytes, &mut text, !cut);
    (text, matches!(result, encoding_rs::CoderResult::OutputFull), is_wrong)
}

/// The charset that a content type names.
fn charset(content_type: &str) -> Option<String> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']).trim();
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_ascii_lowercase())
    })
}

/// A name that a receiver gave, bounded.
fn shown(name: &str) -> String {
    name.chars().take(NAME_SHOWN_MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression as Level;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    const TEXT: &str = r#"{"code":200,"message":"成功"}"#;
    /// `TEXT` by brotli.
    const BROTLI: &[u8] = b"\x1b\x1e\x00\xf8\x8d\xd3\x15\xf7\x23\x9c\xac\xa2\x16\x91\xd9\xeb\x9b\
        \x30\x2c\x3a\x29\x09\x27\xb5\xe4\x05\x25\x54\x63\xdc\x91\xb2\x17\x07";
    /// 64 MiB of the letter `a` by brotli.
    const BROTLI_BOMB: &[u8] = b"\xcb\xff\xff\x3f\xf8\x25\xc2\xe2\xb1\x40\x20\xf7\xfe\x8f\xff\xff\x7f\xf0\x4b\x00\
        \xc4\x61\x11\x80\xee\xfd\x1f\xff\xff\xff\xe0\x97\x00\x88\xc3\x02\x00\xdd\xfb\x3f\xfe\xff\xff\xc1\x2f\
        \x01\x10\x87\x05\x00\xba\xf7\x7f\xfc\xff\xff\x83\x5f\x02\x20\x0e\x0b\x00\x74\xef\xff\xf8\xff\xff\x07\
        \xbf\x04\x40\x1c\x16\x00\xe8\xde\xff\xf1\xff\xff\x0f\x7e\x09\x80\x38\x2c\x00\xd0\xbd\xff\xcb\xff\xff\
        \x3f\xfc\x12\x00\x71\x58\x00\xa0\x7b\xff\x07";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Level::fast());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Level::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn raw(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Level::default());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    fn reply(headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Reply { status: 200, headers, body: body.to_vec().into(), ..Reply::default() }
    }

    fn packed(encoding: &str, body: &[u8]) -> Reply {
        reply(&[("content-encoding", encoding)], body).decoded(Compression::Unasked)
    }

    fn typed(content_type: &str, body: &[u8]) -> (String, Option<String>) {
        let reply = reply(&[("Content-Type", content_type)], body).decoded(Compression::Unasked);
        (String::from_utf8(reply.body.to_vec()).expect("UTF-8"), reply.remark)
    }

    #[test]
    fn every_known_encoding_comes_off_in_the_right_order() {
        let text = TEXT.as_bytes();
        for (encoding, body) in [
            ("gzip", gzip(text)),
            ("X-GZip", gzip(text)),
            ("deflate", zlib(text)),
            ("deflate", raw(text)),
            ("br", BROTLI.to_vec()),
            ("gzip, identity, deflate", zlib(&gzip(text))),
            ("br, gzip", gzip(BROTLI)),
            ("gzip", [gzip(&text[..5]), gzip(&text[5..])].concat()),
        ] {
            let reply = packed(encoding, &body);
            assert_eq!(reply.body, TEXT, "{encoding}: {:?}", reply.remark);
            let remark = reply.remark.expect("a remark");
            assert!(remark.starts_with("compressed by ") && remark.ends_with("nobody asked for it"), "{remark}");
            assert!(reply.headers.iter().any(|(name, _)| name == "content-encoding"));
        }
        let asked = reply(&[("content-encoding", "gzip")], &gzip(text)).decoded(Compression::Asked);
        assert_eq!((&asked.body[..], asked.remark), (text, None));
        let two = [("content-encoding", "deflate"), ("Content-Encoding", "gzip")];
        assert_eq!(reply(&two, &gzip(&raw(text))).decoded(Compression::Unasked).body, TEXT);
    }

    #[test]
    fn a_bomb_stops_at_the_limit_however_it_is_wrapped() {
        let mut bomb = GzEncoder::new(Vec::new(), Level::best());
        for _ in 0..128 {
            bomb.write_all(&[b'a'; 1024 * 1024]).expect("memory");
        }
        let bomb = bomb.finish().expect("memory");
        for (encoding, body) in [
            ("gzip", bomb.clone()),
            ("gzip, deflate", raw(&bomb)),
            ("gzip, gzip", gzip(&bomb)),
            ("br", BROTLI_BOMB.to_vec()),
        ] {
            let reply = packed(encoding, &body);
            assert_eq!((reply.body.len(), reply.truncated), (BODY_READ_MAX_BYTES, true), "{encoding}");
        }
        let exact = packed("gzip", &gzip(&vec![b'a'; BODY_READ_MAX_BYTES]));
        assert_eq!((exact.body.len(), exact.truncated), (BODY_READ_MAX_BYTES, false));
    }

    #[test]
    fn what_cannot_be_unpacked_is_a_remark() {
        let whole = gzip(TEXT.as_bytes());
        let mut flipped = whole.clone();
        let last = flipped.len() - 6;
        flipped[last] ^= 0xff;
        for (encoding, body, words) in [
            ("gzip", &whole[..whole.len() - 9], "the gzip stream of the body is damaged: it ends too early"),
            ("gzip", &flipped, "the gzip stream of the body is damaged: "),
            ("gzip", b"hello", "the gzip stream of the body is damaged: "),
            ("deflate", b"\xff\xff\xff", "the deflate stream of the body is damaged: "),
            ("br", b"hello", "the br stream of the body is damaged: "),
            ("br", &BROTLI[..9], "the br stream of the body is damaged: "),
            ("zstd", TEXT.as_bytes(), "the body is left as it is: the encoding `zstd` is not known"),
            ("gzip, foo", TEXT.as_bytes(), "the body is left as it is: the encoding `foo` is not known"),
            ("gzip,gzip,gzip,gzip,gzip", TEXT.as_bytes(), "the body is left as it is: it has more than 4 encodings"),
        ] {
            let reply = packed(encoding, body);
            let remark = reply.remark.unwrap_or_default();
            assert!(remark.starts_with(words), "{encoding}: {remark}");
        }
        assert_eq!(packed("zstd", b"").remark, None);
        let cut = Reply { truncated: true, ..reply(&[("content-encoding", "gzip")], &whole[..whole.len() - 9]) };
        let remark = cut.decoded(Compression::Unasked).remark.expect("a remark");
        assert!(remark.starts_with("compressed by gzip"), "half a stream that was cut here is not damaged: {remark}");
    }

    #[test]
    fn noise_never_panics() {
        let mut noise = 1_u32;
        for length in 0..600 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (noise >> 24) as u8
                })
                .collect();
            for encoding in ["gzip", "deflate", "br", "br, gzip", "identity"] {
                let reply = packed(encoding, &bytes);
                assert!(std::str::from_utf8(&reply.body).is_ok(), "{encoding}");
            }
        }
    }

    #[test]
    fn a_foreign_charset_becomes_utf_8() {
        let gbk: &[u8] = b"\xb3\xc9\xb9\xa6";
        assert_eq!(typed("text/html; charset=gbk", gbk), ("成功".into(), None));
        assert_eq!(typed("text/html;CHARSET=\"GB2312\"", gbk), ("成功".into(), None));
        assert_eq!(typed("application/json", TEXT.as_bytes()), (TEXT.into(), None));
        let (text, remark) = typed("application/json; charset=utf-8", gbk);
        assert!(text.contains('\u{fffd}'));
        assert_eq!(remark.as_deref(), Some("the body is not UTF-8; wrong bytes are replaced"));
        assert_eq!(
            typed("text/plain; charset=klingon", b"ok"),
            ("ok".into(), Some("the charset `klingon` is not known; read as UTF-8".into()))
        );
        assert_eq!(
            typed("text/plain", b"\xef\xbb\xbfok"),
            ("ok".into(), Some("the body begins with a byte order mark of UTF-8".into()))
        );
        assert_eq!(typed("text/plain; charset=gbk", b"\xff\xfeo\0k\0").0, "ok");
        assert_eq!(typed("text/plain; charset=utf-16le", b"o\0k\0"), ("ok".into(), None));
    }

    #[test]
    fn text_stays_within_the_limit_and_half_a_character_is_no_mistake() {
        let reply_to = |body: Vec<u8>, truncated| Reply { truncated, ..reply(&[], &body) };
        let noise = reply_to(vec![0xff; BODY_READ_MAX_BYTES], true).decoded(Compression::Unasked);
        assert!(noise.body.len() <= BODY_READ_MAX_BYTES + 64 && noise.truncated);
        let half = [vec![b'x'; 9], "成".as_bytes()[..2].to_vec()].concat();
        assert_eq!(reply_to(half.clone(), true).decoded(Compression::Unasked).remark, None);
        assert!(reply_to(half, false).decoded(Compression::Unasked).remark.is_some());
    }

    #[test]
    fn a_204_that_announces_a_body_is_remarked() {
        let lying = Reply { status: 204, ..reply(&[("content-length", "5")], b"") };
        assert!(lying.decoded(Compression::Unasked).remark.is_some());
        let honest = Reply { status: 204, ..reply(&[("content-length", "0")], b"") };
        assert_eq!(honest.decoded(Compression::Unasked).remark, None);
    }
}
