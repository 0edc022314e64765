//! What people type, made safe to compare and to show: composed Unicode, no control or direction-override
//! characters.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::error::{Error, Result};

/// Letters and signs that look like nothing.
fn is_filler(character: char) -> bool {
    matches!(
        character,
        '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}'
    )
}

fn is_unwanted(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{34F}' | '\u{180E}' | '\u{E0000}'..='\u{E007F}'
    ) || matches!(character,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
        && !matches!(character, '\u{200D}' | '\u{200C}')
        || character == '\u{061C}'
        || (character.is_control() && character != '\n')
}

/// Whether a sign is something to see by itself.
fn is_seen(c: char) -> bool {
    !c.is_whitespace() && !matches!(c, '\u{200C}' | '\u{200D}') && !is_combining_mark(c)
}

/// One line: surrounding and repeated white space goes.
pub fn line(typed: &str) -> String {
    let composed: String = typed
        .chars()
        .map(|c| if c.is_whitespace() || is_filler(c) { ' ' } else { c })
        .filter(|c| !is_unwanted(*c))
        .nfc()
        .collect();
    if composed.chars().any(is_seen) {
        composed.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        String::new()
    }
}

/// Several lines, ended by `\n`.
pub fn paragraphs(typed: &str) -> String {
    let unix = typed.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    let composed: String = unix
        .chars()
        .map(|c| if is_filler(c) { ' ' } else { c })
        .filter(|c| !is_unwanted(*c))
        .nfc()
        .collect();
    if composed.chars().any(is_seen) {
        composed.trim().to_owned()
    } else {
        String::new()
    }
}

/// "Ana", "Ana and Kofi", "Ana, Kofi and Dana".
pub fn join_names(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What there is to say, between dots.
pub fn join_details<const COUNT: usize>(details: [Option<String>; COUNT]) -> String {
    let said: Vec<String> = details.into_iter().flatten().collect();
    said.join(" · ")
}

/// An address to compare by: lower case; `None` when it is not one. Quoted names and comments, which the
/// standard allows, are refused: nobody has such an address, and every reader of it would have to know them.
pub fn email(typed: &str) -> Option<String> {
    let typed = line(typed).to_lowercase();
    let is_plain = typed.is_ascii() && typed.len() <= 254 && !typed.contains(['"', '(', ')', '[', '\\', ' ']);
    let address: lettre::Address = typed.parse().ok().filter(|_| is_plain)?;
    Some(address.to_string())
}

/// A path within this site, for going back to; `None` when it leads anywhere else.
pub fn local_path(path: &str) -> Option<&str> {
    let local = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 500
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'"' | b'<' | b'>' | b'`'));
    local.then_some(path)
}

/// One line of typed text inside Markdown that we write: nothing in it is markup.
pub fn markdown_line(typed: &str) -> String {
    let composed = line(typed);
    let mut escaped = String::with_capacity(composed.len());
    // What begins a line could make a heading, a rule or a list of it.
    let digits = composed.chars().take_while(char::is_ascii_digit).count();
    for (index, character) in composed.chars().enumerate() {
        let begins = (index == 0 && matches!(character, '=' | '-' | '+'))
            || (index == digits && digits > 0 && matches!(character, '.' | ')'));
        if begins {
            escaped.push('\\');
        }
        if matches!(
            character,
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '<' | '>' | '#' | '|' | '~' | '&'
        ) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Refuses a name that one of these has, whatever its case and spaces. `said` is what there is then: "There
/// is a goal of this name already".
///
/// # Errors
/// `Invalid` at the field.
pub fn refuse_namesake(
    known: impl IntoIterator<Item = String>,
    (field, name): (&str, &str),
    said: &str,
) -> Result<()> {
    let key = name_key(name);
    match known.into_iter().find(|other| name_key(other) == key) {
        None => Ok(()),
        Some(other) => Err(Error::invalid(field, format!("{said}: “{other}”."))),
    }
}

/// A name as it is compared with others: in small letters, single spaces, and without what cannot be seen.
pub fn name_key(name: &str) -> String {
    let seen: String = name
        .chars()
        .filter(|character| !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
        .collect();
    seen.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// Whether two names are read as one: alike but for case, marks, spaces and letters of other alphabets that
/// look the same.
pub fn is_twin(one: &str, other: &str) -> bool {
    as_seen(one) == as_seen(other)
}

/// Whether words are read within a text, however their letters are made.
pub fn is_seen_in(words: &str, text: &str) -> bool {
    as_seen(text).contains(&as_seen(words))
}

/// Whether a word with Latin letters has signs of other alphabets, which may be read as Latin ones.
pub fn mixes_alphabets(word: &str) -> bool {
    let is_latin = |sign: char| {
        matches!(sign, '\u{c0}'..='\u{24f}' | '\u{300}'..='\u{36f}' | '\u{1e00}'..='\u{1eff}' | '’' | '‘' | '·' | '–' | 'ª' | 'º')
            || sign.is_ascii()
    };
    word.chars().any(|sign| sign.is_ascii_alphabetic()) && !word.chars().all(is_latin)
}

/// A name by what is seen of it.
fn as_seen(name: &str) -> String {
    name.nfkd()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .map(|sign| match sign {
            'а' | 'α' => 'a',
            'в' | 'β' => 'b',
            'с' | 'ϲ' => 'c',
            'е' | 'ε' => 'e',
            'н' => 'h',
            'і' | 'ι' | 'ı' | 'l' | '1' => 'i',
            'ј' => 'j',
            'к' | 'κ' => 'k',
            'м' | 'μ' => 'm',
            'п' | 'η' => 'n',
            'о' | 'ο' | '0' => 'o',
            'р' | 'ρ' => 'p',
            'ѕ' => 's',
            'т' | 'τ' => 't',
            'υ' | 'у' | 'γ' => 'y',
            'х' | 'χ' => 'x',
            'ν' => 'v',
            'ω' => 'w',
            sign => sign,
        })
        .collect::<String>()
        .replace("vv", "w")
        .replace("rn", "m")
}

/// A typed address between angle brackets inside Markdown that we write: nothing in it ends the brackets.
pub fn markdown_address(typed: &str) -> String {
    typed
        .chars()
        .map(|sign| match sign {
            '<' => "%3C".to_owned(),
            '>' => "%3E".to_owned(),
            '"' => "%22".to_owned(),
            '`' => "%60".to_owned(),
            sign if sign.is_whitespace() || sign.is_control() => "%20".to_owned(),
            sign => sign.to_string(),
        })
        .collect()
}

/// A table for spreadsheets: without the mark, some take its letters for those of another alphabet.
pub fn with_byte_order_mark(table: &str) -> String {
    format!("\u{feff}{table}")
}

/// Paragraphs of typed text inside Markdown that we write.
pub fn markdown_text(typed: &str) -> String {
    typed.lines().map(markdown_line).collect::<Vec<_>>().join("\n")
}

/// The signed text as it was hashed, on a line of its own, and how to hash it again from the exported file.
/// No other line of an export begins with a brace.
pub fn text_and_digest(text: &str, digest: &str, file: &str) -> String {
    format!(
        "\n### The signed text\n\nIts digest (SHA-256) is `{digest}`. To compute it from this file:\n\n    \
            sed -n '/^{{/p' {file} | tr -d '\\n' | sha256sum\n\n```json\n{text}\n```\n"
    )
}

/// "1 person", "3 people".
pub fn people(count: usize) -> String {
    counted(count, "person", "people")
}

/// A number with its noun: "1 change", "3 changes".
pub fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}

/// A cell that no spreadsheet takes for a formula: an apostrophe stands before what could be one, and before
/// an apostrophe that stands there already.
pub fn for_a_spreadsheet(cell: &str) -> String {
    let is_number = cell.parse::<f64>().is_ok();
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_read_as_one_are_twins() {
        for (one, other) in [
            ("Dana Reyes", "dana  reyes"),
            ("Dana Reyes", "Dаnа Rеyеs"),
            ("Zoë Klein", "Zoe Klein"),
            ("Ilse Iv", "llse lv"),
            ("Kofi Owusu", "Kofi Ovvusu"),
            ("Tamara Zimmer", "Tarnara Zimmer"),
        ] {
            assert!(is_twin(one, other), "{one} and {other}");
        }
        assert!(!is_twin("Dana Reyes", "Dina Reyes"));
    }

    #[test]
    fn names_are_composed_and_hide_nothing() {
        assert_eq!(
            line("  Zoe\u{0308}\t Ash \u{202E}gpj.exe\u{0000}\n"),
            "Zoë Ash gpj.exe"
        );
        assert_eq!(paragraphs("one\r\ntwo\u{200B}\u{7}\n"), "one\ntwo");
        assert_eq!(line("👩\u{200D}💻"), "👩\u{200D}💻");
    }

    #[test]
    fn addresses_compare_in_lower_case() {
        assert_eq!(email(" Dana@Example.COM "), Some("dana@example.com".to_owned()));
        for wrong in [
            "",
            "dana",
            "@x",
            "a@",
            "a@b@c",
            "a b@c.d",
            "a@b..c",
            "a@-b",
            "dаna@example.com\u{430}",
            "a\r\nBcc:x@y.z",
        ] {
            assert_eq!(email(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_leaves_the_house_is_neither_markup_nor_a_formula() {
        assert_eq!(
            markdown_line("*a* [b](javascript:x) <script> |"),
            r"\*a\* \[b\](javascript:x) \<script\> \|"
        );
        assert_eq!(markdown_text("one\n# two"), "one\n\\# two");
        assert_eq!(
            markdown_text("Head\n===\n- a\n12. b & c"),
            "Head\n\\===\n\\- a\n12\\. b \\& c"
        );
        assert_eq!(for_a_spreadsheet("=cmd()"), "'=cmd()");
        assert_eq!(for_a_spreadsheet("12 Oct"), "12 Oct");
        assert_eq!(for_a_spreadsheet("-12.5"), "-12.5", "a number is no formula");
        assert_eq!(for_a_spreadsheet("-1+cmd()"), "'-1+cmd()");
        assert_eq!(
            markdown_address("https://a.example/\"><script>"),
            "https://a.example/%22%3E%3Cscript%3E"
        );
    }

    #[test]
    fn only_places_of_this_site_are_gone_back_to() {
        assert_eq!(local_path("/w/acme/desk?x=1#y"), Some("/w/acme/desk?x=1#y"));
        for wrong in [
            "",
            "w",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: x",
            "javascript:alert(1)",
            "/a b",
            "/\t/evil",
        ] {
            assert_eq!(local_path(wrong), None, "{wrong:?}");
        }
    }
}
