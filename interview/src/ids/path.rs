//! A file's path inside the workspace: the bytes of its name on a disk, written as text. It knows no disk.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use super::NameError;

/// Longest path that the room takes, in bytes on a disk: as long as Linux lets a single name be.
pub const PATH_LIMIT_BYTES: usize = 255;

/// A file's path inside the workspace: relative, with `/`, and never a way out of it.
///
/// On Linux a name may be any bytes. Those that are no text, or belong to a control character or a backslash, are written
/// as `\x` and two capital hexadecimal digits, and no others are: so every name has one path, and every path one name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FilePath(String);

impl FilePath {
    /// Parses a path that came from outside, written as it is shown.
    pub fn parse(text: impl Into<String>) -> Result<Self, NameError> {
        let text = text.into();
        let bytes = bytes_of(&text).ok_or(NameError::Forbidden)?;
        let path = Self::from_disk(&bytes)?;
        if path.0 == text { Ok(path) } else { Err(NameError::Forbidden) }
    }

    /// The path of what a disk calls by these bytes.
    pub fn from_disk(bytes: &[u8]) -> Result<Self, NameError> {
        if bytes.is_empty() {
            return Err(NameError::Empty);
        }
        if bytes.len() > PATH_LIMIT_BYTES {
            return Err(NameError::TooLong { limit: PATH_LIMIT_BYTES });
        }
        if bytes.contains(&0) {
            return Err(NameError::Forbidden);
        }
        if bytes.split(|byte| *byte == b'/').any(|part| matches!(part, b"" | b"." | b"..")) {
            return Err(NameError::Outside);
        }
        Ok(Self(text_of(bytes)))
    }

    /// What a disk calls it.
    pub fn on_disk(&self) -> Cow<'_, [u8]> {
        bytes_of(&self.0).expect("a path was parsed")
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
}

impl TryFrom<String> for FilePath {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl From<FilePath> for String {
    fn from(path: FilePath) -> String {
        path.0
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How these bytes are written.
fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if letter.is_control() || letter == '\\' {
                spell_out(letter.encode_utf8(&mut [0; 4]).as_bytes(), &mut text);
            } else {
                text.push(letter);
            }
        }
        spell_out(chunk.invalid(), &mut text);
    }
    text
}

fn spell_out(bytes: &[u8], text: &mut String) {
    for byte in bytes {
        write!(text, "\\x{byte:02X}").expect("a string takes all");
    }
}

/// The bytes that are written so; none if a backslash begins anything else.
fn bytes_of(text: &str) -> Option<Cow<'_, [u8]>> {
    let mut pieces = text.split('\\');
    let start = pieces.next()?;
    if start.len() == text.len() {
        return Some(Cow::Borrowed(text.as_bytes()));
    }
    let mut bytes = start.as_bytes().to_vec();
    for piece in pieces {
        let digits = piece.strip_prefix('x')?.get(..2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(&piece.as_bytes()[3..]);
    }
    Some(Cow::Owned(bytes))
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_stays_inside_the_workspace() {
        for good in ["main.py", "src/lib/a b.ts", "<img onerror>", "größe.go", ".env"] {
            assert!(FilePath::parse(good).is_ok(), "{good}");
        }
        let long = "a".repeat(300);
        for bad in ["", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a/", "a\0b", "a\nb", "a\\b", &long] {
            assert!(FilePath::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_name_that_is_no_text_is_spelled_out_where_it_is_none() {
        let pairs: [(&[u8], &str); 7] = [
            (b"caf\xe9.txt", r"caf\xE9.txt"),
            (br"caf\xE9.txt", r"caf\x5CxE9.txt"),
            (b"two\nlines", r"two\x0Alines"),
            ("c1\u{85}".as_bytes(), r"c1\xC2\x85"),
            (b"\xff/\xfe", r"\xFF/\xFE"),
            (b"cut \xe2\x82", r"cut \xE2\x82"),
            ("größe".as_bytes(), "größe"),
        ];
        for (bytes, text) in pairs {
            let path = FilePath::from_disk(bytes).expect("a path");
            assert_eq!(path.as_str(), text);
            assert_eq!(FilePath::parse(text).expect("the same").on_disk(), bytes);
        }
    }

    #[test]
    fn only_one_way_of_writing_a_name_is_a_path() {
        for bad in [
            r"caf\xe9",
            r"\x41",
            r"\xC3\xA9",
            r"a\x2Fb",
            r"\x2E\x2E",
            r"\x00",
            r"\x",
            r"\xE",
            r"\x+9",
            r"\\",
            r"\é9",
            "\\x€",
        ] {
            assert!(FilePath::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_limit_is_on_what_the_disk_holds() {
        assert!(FilePath::from_disk(&[0xff; PATH_LIMIT_BYTES]).is_ok());
        assert!(FilePath::from_disk(&[0xff; PATH_LIMIT_BYTES + 1]).is_err());
    }

    proptest! {
        #[test]
        fn every_name_has_one_path_and_every_path_one_name(bytes in vec(any::<u8>(), 0..20), text in "[ax\\\\E9é/.]{0,9}") {
            if let Ok(path) = FilePath::from_disk(&bytes) {
                prop_assert_eq!(&*path.on_disk(), &*bytes);
                prop_assert_eq!(FilePath::parse(path.as_str()), Ok(path.clone()));
            }
            if let Ok(path) = FilePath::parse(text.as_str()) {
                prop_assert_eq!(FilePath::from_disk(&path.on_disk()), Ok(path.clone()));
                prop_assert_eq!(path.as_str(), text);
            }
        }
    }
}
