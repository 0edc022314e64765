//! Files as evidence: what may be one. A file is what its first bytes say it is, and its name must say the
//! same; what a browser could run (SVG, HTML, scripts) is none. It is kept in the database and only ever
//! handed out to be saved.

use crate::platform::text;

/// 5 MB.
pub const MOST_BYTES: usize = 5_000_000;

/// All files of a workspace together: 500 MB.
pub const MOST_IN_WORKSPACE: i64 = 500_000_000;

/// What one member adds in a day, so that nobody fills the workspace alone: 50 MB.
pub const MOST_A_DAY: i64 = 50_000_000;

const LONGEST_NAME: usize = 120;

/// The endings that are taken, for the browser's chooser.
pub const ACCEPTED: &str = ".pdf,.png,.jpg,.jpeg,.gif,.webp,.txt,.csv,.md,.docx,.xlsx,.pptx";

/// What a file is, and under which name it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    pub name: String,
    pub media_type: &'static str,
}

/// Whether the bytes begin as a file of this ending does, and what it is then.
fn media_type(ending: &str, bytes: &[u8]) -> Option<&'static str> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    let is_text = || std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    // A workbook, a document and a presentation are archives that begin with a list of their content.
    let is_office =
        |part: &[u8]| begins(b"PK\x03\x04") && bytes.windows(part.len()).any(|window| window == part);
    match ending {
        "pdf" if begins(b"%PDF-") => Some("application/pdf"),
        "png" if begins(b"\x89PNG\r\n\x1a\n") => Some("image/png"),
        "jpg" | "jpeg" if begins(b"\xff\xd8\xff") => Some("image/jpeg"),
        "gif" if begins(b"GIF87a") || begins(b"GIF89a") => Some("image/gif"),
        "webp" if begins(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Some("image/webp"),
        "txt" | "md" if is_text() => Some("text/plain; charset=utf-8"),
        "csv" if is_text() => Some("text/csv; charset=utf-8"),
        "docx" if is_office(b"word/") => {
            Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
        }
        "xlsx" if is_office(b"xl/") => {
            Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        "pptx" if is_office(b"ppt/") => {
            Some("application/vnd.openxmlformats-officedocument.presentationml.presentation")
        }
        _ => None,
    }
}

/// Takes a file as evidence, or says why not.
pub fn fit(name: &str, bytes: &[u8]) -> Result<Fit, String> {
    // Only the last part of a path is a name, on whatever system it was chosen.
    let name = text::line(name.rsplit(['/', '\\']).next().unwrap_or_default());
    let name: String = name
        .chars()
        .filter(|c| !matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?'))
        .collect();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    let ending = ending.to_ascii_lowercase();
    if bytes.is_empty() {
        return Err("This file is empty.".to_owned());
    }
    if bytes.len() > MOST_BYTES {
        return Err(format!(
            "This file is too large: at most {} MB. Link to where it is instead.",
            MOST_BYTES / 1_000_000
        ));
    }
    let stem: String = stem.trim_matches(['.', ' ']).chars().take(LONGEST_NAME).collect();
    let stem = if stem.is_empty() {
        "evidence".to_owned()
    } else {
        stem
    };
    match media_type(&ending, bytes) {
        Some(media_type) => Ok(Fit {
            name: format!("{stem}.{ending}"),
            media_type,
        }),
        None => Err(
            "Choose a PDF, a picture (PNG, JPEG, GIF, WebP), plain text, CSV, or an Office file (DOCX, \
                XLSX, PPTX) that is what its name says."
                .to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        let office = [b"PK\x03\x04..........".as_slice(), b"word/document.xml"].concat();
        for (name, bytes, kept) in [
            ("Minutes.PDF", b"%PDF-1.7 x".as_slice(), "Minutes.pdf"),
            ("shot.png", b"\x89PNG\r\n\x1a\nrest", "shot.png"),
            ("C:\\Users\\dana\\notes.txt", "Grüße".as_bytes(), "notes.txt"),
            ("../../etc/passwd.csv", b"a,b", "passwd.csv"),
            ("letter.docx", &office, "letter.docx"),
            (".txt", b"x", "evidence.txt"),
            ("a\"b<c>.txt", b"x", "abc.txt"),
        ] {
            assert_eq!(
                fit(name, bytes).map(|fit| fit.name),
                Ok(kept.to_owned()),
                "{name}"
            );
        }
        let renamed = b"<script>alert(1)</script>".as_slice();
        for (name, bytes) in [
            ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice()),
            ("x.html", renamed),
            ("x.png", renamed),
            ("x.pdf", renamed),
            ("x.docx", b"PK\x03\x04 no document in it"),
            ("x.xlsx", &office),
            ("x.txt", b"\xff\xfe\x00\x01"),
            ("x.txt", b"text\0with a nought"),
            ("x.png.exe", b"MZ"),
            ("noending", b"x"),
            ("", b"x"),
            ("x.txt", b""),
        ] {
            assert!(fit(name, bytes).is_err(), "{name}");
        }
        assert!(fit("x.txt", &vec![b'x'; MOST_BYTES + 1]).is_err_and(|why| why.contains("too large")));
    }
}
