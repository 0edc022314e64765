//! Markup as it is sent: pieces made for one answer between pieces that are kept for many.
//!
//! What is kept is compressed once, when a browser first asks for it. Deflate streams that were each flushed
//! to a whole byte may follow one another in one gzip member, so a page to a browser costs the compressing of
//! its frame and of what is the reader's own.

use std::sync::{Arc, OnceLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// Pieces of markup, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(Vec<Piece>);

#[derive(Clone, Debug)]
enum Piece {
    Fresh(Arc<str>),
    Cached(Arc<Cached>),
    /// An empty place, for what is the reader's own.
    Room,
}

#[derive(Debug)]
struct Cached {
    html: Arc<str>,
    deflated: OnceLock<Option<Deflated>>,
}

/// A deflate stream that ends at a whole byte and is not closed, with the checksum of what it holds.
#[derive(Debug)]
struct Deflated {
    bytes: Vec<u8>,
    crc: Crc,
}

/// Ten bytes of RFC 1952: deflate, no name, no time, any system.
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// An empty last block, which closes a deflate stream.
const LAST_BLOCK: [u8; 2] = [3, 0];

impl From<String> for Markup {
    fn from(html: String) -> Self {
        Self(vec![Piece::Fresh(html.into())])
    }
}

impl std::fmt::Display for Markup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|piece| f.write_str(piece.html()))
    }
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        self.html() == other.html()
    }
}

impl Eq for Piece {}

impl Piece {
    fn html(&self) -> &str {
        match self {
            Self::Fresh(html) => html,
            Self::Cached(kept) => &kept.html,
            Self::Room => "",
        }
    }

    fn keep(self) -> Self {
        match self {
            Self::Fresh(html) => Self::Cached(Arc::new(Cached {
                html,
                deflated: OnceLock::new(),
            })),
            other => other,
        }
    }
}

impl Markup {
    pub fn byte_len(&self) -> usize {
        self.0.iter().map(|piece| piece.html().len()).sum()
    }

    /// Whether a piece holds these words; not found where they lie across two.
    pub fn contains(&self, words: &str) -> bool {
        self.0.iter().any(|piece| piece.html().contains(words))
    }

    /// The same markup, to be sent many times.
    #[must_use]
    pub fn keep(self) -> Self {
        Self(self.0.into_iter().map(Piece::keep).collect())
    }

    pub fn is_kept(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Cached(_)))
    }

    /// Leaves an empty place where the mark stands.
    #[must_use]
    pub fn with_room_at(self, mark: &str) -> Self {
        let html = self.to_string();
        match html.split_once(mark) {
            Some((before, after)) => Self(vec![
                Piece::Fresh(before.into()),
                Piece::Room,
                Piece::Fresh(after.into()),
            ]),
            None => self,
        }
    }

    pub fn has_room(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Room))
    }

    /// Puts markup into the empty place.
    #[must_use]
    pub fn fill(mut self, html: &str) -> Self {
        if let Some(room) = self.0.iter_mut().find(|piece| matches!(piece, Piece::Room)) {
            *room = Piece::Fresh(html.into());
        }
        self
    }

    /// This markup where the mark stands in what surrounds it.
    #[must_use]
    pub fn within(self, around: &str, mark: &str) -> Self {
        let (before, after) = around.split_once(mark).unwrap_or((around, ""));
        let mut pieces = Vec::with_capacity(self.0.len() + 2);
        pieces.push(Piece::Fresh(before.into()));
        pieces.extend(self.0);
        pieces.push(Piece::Fresh(after.into()));
        Self(pieces)
    }

    /// A page. What is kept goes out compressed to whoever takes gzip; everything else is left to the layer
    /// that compresses answers as they are made.
    pub fn respond(&self, takes_gzip: bool) -> Response {
        let packed = if takes_gzip && self.is_kept() {
            self.gzip()
        } else {
            None
        };
        let Some(packed) = packed else {
            return Html(self.to_string()).into_response();
        };
        let mut response = Html(packed).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        response
    }

    fn gzip(&self) -> Option<Bytes> {
        let mut bytes = GZIP_HEAD.to_vec();
        let mut crc = Crc::new();
        for piece in &self.0 {
            match piece {
                Piece::Room => {}
                Piece::Fresh(html) => {
                    let fresh = deflate(html, Compression::fast())?;
                    bytes.extend_from_slice(&fresh.bytes);
                    crc.combine(&fresh.crc);
                }
                Piece::Cached(kept) => {
                    let kept = kept
                        .deflated
                        .get_or_init(|| deflate(&kept.html, Compression::default()))
                        .as_ref()?;
                    bytes.extend_from_slice(&kept.bytes);
                    crc.combine(&kept.crc);
                }
            }
        }
        bytes.extend_from_slice(&LAST_BLOCK);
        bytes.extend_from_slice(&crc.sum().to_le_bytes());
        bytes.extend_from_slice(&crc.amount().to_le_bytes());
        Some(bytes.into())
    }
}

/// Nothing where the engine refuses, which it has no reason to: the page then goes out as it is.
fn deflate(html: &str, level: Compression) -> Option<Deflated> {
    let html = html.as_bytes();
    let mut crc = Crc::new();
    crc.update(html);
    let mut stream = Compress::new(level, false);
    // Most markup shrinks to less than a quarter; the buffer grows for what does not.
    let mut bytes = Vec::with_capacity(html.len() / 4 + 64);
    loop {
        let read = usize::try_from(stream.total_in()).unwrap_or(html.len());
        let rest = html.get(read..).unwrap_or_default();
        let flush = FlushCompress::Sync;
        let status = stream.compress_vec(rest, &mut bytes, flush).ok()?;
        // A full buffer may hide that more is to come.
        if bytes.len() < bytes.capacity() || status != Status::Ok {
            break;
        }
        bytes.reserve(html.len() / 4 + 64);
    }
    Some(Deflated { bytes, crc })
}

/// Whether `Accept-Encoding` names gzip and does not refuse it.
pub fn takes_gzip(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let name = parts.next()?;
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            Some((name, weight.map_or(Ok(1.0), str::parse::<f32>)))
        })
        .any(|(name, weight)| name.eq_ignore_ascii_case("gzip") && weight.is_ok_and(|weight| weight > 0.0))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    fn unpacked(bytes: &[u8]) -> String {
        let mut text = String::new();
        let mut member = GzDecoder::new(bytes);
        member.read_to_string(&mut text).expect("one whole member");
        assert!(member.into_inner().is_empty(), "nothing after it");
        text
    }

    proptest! {
        #[test]
        fn a_page_of_kept_and_fresh_pieces_is_one_gzip_member(
            pieces in prop::collection::vec((any::<bool>(), ".{0,400}", 1_usize..200), 0..6),
        ) {
            let markup = Markup(
                pieces
                    .into_iter()
                    .map(|(kept, text, times)| {
                        let fresh = Piece::Fresh(text.repeat(times).into());
                        if kept { fresh.keep() } else { fresh }
                    })
                    .collect(),
            );
            let whole = markup.to_string();
            prop_assert_eq!(unpacked(&markup.gzip().expect("packed")), whole.clone());
            prop_assert_eq!(unpacked(&markup.clone().gzip().expect("packed")), whole, "sent again");
        }
    }

    #[test]
    fn what_does_not_compress_is_whole_too() {
        let noise: String = (0_u32..80_000)
            .filter_map(|number| char::from_u32(number.wrapping_mul(2_654_435_761) % 0xd7ff + 1))
            .collect();
        let markup = Markup::from(noise.clone()).keep().within("<main>*</main>", "*");
        assert_eq!(
            unpacked(&markup.gzip().expect("packed")),
            format!("<main>{noise}</main>")
        );
    }

    #[test]
    fn the_readers_own_is_put_where_room_was_left() {
        let kept = Markup::from("a<i></i>b".to_owned())
            .with_room_at("<i></i>")
            .keep();
        assert!(kept.has_room() && kept.is_kept());
        let fill = kept.clone().fill("mine");
        assert_eq!((fill.to_string(), fill.has_room()), ("amineb".to_owned(), false));
        assert_eq!(kept.fill("yours").to_string(), "ayoursb");
        let without = Markup::from("ab".to_owned()).with_room_at("<i></i>");
        assert!(!without.has_room());
    }

    #[test]
    fn gzip_is_sent_to_whoever_takes_it() {
        let takes = |offered: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(offered));
            takes_gzip(&headers)
        };
        assert!(takes("gzip, deflate, br, zstd") && takes("br;q=1.0, GZIP;q=0.5"));
        assert!(!takes("br") && !takes("gzip;q=0, br") && !takes("gzip; q=0.0") && !takes(""));
        let kept = Markup::from("page".to_owned()).keep();
        assert!(
            !kept
                .respond(false)
                .headers()
                .contains_key(header::CONTENT_ENCODING)
        );
    }
}
