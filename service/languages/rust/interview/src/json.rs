//! A JSON value: read from text, and written as text.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// How deep values may be nested in a text.
const DEEPEST: usize = 500;

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// An object, its keys in alphabetical order.
    Object(BTreeMap<String, Json>),
}

impl PartialEq for Json {
    /// `1` and `1.0` are the same number.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Int(one), Self::Int(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => one == other,
            (Self::Int(whole), Self::Float(float)) | (Self::Float(float), Self::Int(whole)) => *whole as f64 == *float,
            (Self::String(one), Self::String(other)) => one == other,
            (Self::Array(one), Self::Array(other)) => one == other,
            (Self::Object(one), Self::Object(other)) => one == other,
            _ => false,
        }
    }
}

impl Json {
    /// What kind of value it is, for people.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::String(_) => "a text",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// A number that JSON cannot write, if there is one in it.
    pub(crate) fn strange_number(&self) -> Option<f64> {
        match self {
            Self::Float(number) => (!number.is_finite()).then_some(*number),
            Self::Array(items) => items.iter().find_map(Self::strange_number),
            Self::Object(fields) => fields.values().find_map(Self::strange_number),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::String(_) => None,
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(is_so) => write!(f, "{is_so}"),
            Self::Int(number) => write!(f, "{number}"),
            // The shortest text that reads back as the same number; it always has a point or an exponent.
            Self::Float(number) => write!(f, "{number:?}"),
            Self::String(text) => write_text(f, text),
            Self::Array(items) => {
                f.write_char('[')?;
                for (place, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if place == 0 { "" } else { "," })?;
                }
                f.write_char(']')
            }
            Self::Object(fields) => {
                f.write_char('{')?;
                for (place, (key, value)) in fields.iter().enumerate() {
                    f.write_str(if place == 0 { "" } else { "," })?;
                    write_text(f, key)?;
                    write!(f, ":{value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for char in text.chars() {
        match char {
            '"' | '\\' => write!(f, "\\{char}")?,
            '\n' => f.write_str("\\n")?,
            char if char < ' ' => write!(f, "\\u{:04x}", char as u32)?,
            char => f.write_char(char)?,
        }
    }
    f.write_char('"')
}

impl FromStr for Json {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, place: 0 };
        let value = reader.value(0)?;
        reader.skip_space();
        if reader.place < text.len() { Err(reader.complaint("more than one value")) } else { Ok(value) }
    }
}

struct Reader<'a> {
    text: &'a str,
    place: usize,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEEPEST {
            return Err(self.complaint("values that are nested too deeply"));
        }
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.complaint("something that is not JSON")),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut fields = BTreeMap::new();
        self.list(b'}', |reader| {
            reader.skip_space();
            let key = reader.string()?;
            reader.skip_space();
            reader.expect(b':')?;
            fields.insert(key, reader.value(depth + 1)?);
            Ok(())
        })?;
        Ok(Json::Object(fields))
    }

    fn array(&mut self, depth: usize) -> Result<Json, String> {
        let mut items = Vec::new();
        self.list(b']', |reader| {
            items.push(reader.value(depth + 1)?);
            Ok(())
        })?;
        Ok(Json::Array(items))
    }

    /// What stands between two brackets, separated by commas.
    fn list(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.place += 1;
        self.skip_space();
        if self.peek() == Some(end) {
            self.place += 1;
            return Ok(());
        }
        loop {
            item(self)?;
            self.skip_space();
            if self.peek() == Some(end) {
                self.place += 1;
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect(b'"')?;
        let mut read = String::new();
        loop {
            let rest = &self.text[self.place..];
            let plain = rest.find(['"', '\\']).ok_or_else(|| self.complaint("a text without an end"))?;
            read.push_str(&rest[..plain]);
            self.place += plain + 1;
            if rest.as_bytes()[plain] == b'"' {
                return Ok(read);
            }
            let escaped = self.peek().ok_or_else(|| self.complaint("a text without an end"))?;
            self.place += 1;
            read.push(match escaped {
                b'n' => '\n',
                b't' => '\t',
                b'r' => '\r',
                b'b' => '\u{8}',
                b'f' => '\u{c}',
                b'"' | b'\\' | b'/' => char::from(escaped),
                b'u' => self.unicode()?,
                _ => return Err(self.complaint("a strange escape")),
            });
        }
    }

    /// The character of a `\u`, of which two may belong together. Half of a pair becomes the sign for what cannot be read.
    fn unicode(&mut self) -> Result<char, String> {
        let first = self.hex()?;
        let is_pair = (0xd800..0xdc00).contains(&first) && self.text[self.place..].starts_with("\\u");
        if is_pair {
            let place = self.place;
            self.place += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.place = place;
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32, String> {
        let digits = self.text.get(self.place..self.place + 4);
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.place += 4;
        code.ok_or_else(|| self.complaint("a strange escape"))
    }

    fn number(&mut self) -> Result<Json, String> {
        let rest = &self.text[self.place..];
        let end = rest.find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9')).unwrap_or(rest.len());
        let number = rest[..end].parse().map(Json::Int).or_else(|_| rest[..end].parse().map(Json::Float));
        self.place += end;
        number.map_err(|_| self.complaint("a strange number"))
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, String> {
        if !self.text[self.place..].starts_with(word) {
            return Err(self.complaint("something that is not JSON"));
        }
        self.place += word.len();
        Ok(value)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.place += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), String> {
        if self.peek() != Some(byte) {
            return Err(self.complaint("something that is not JSON"));
        }
        self.place += 1;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn complaint(&self, what: &str) -> String {
        format!("the JSON has {what} at byte {}", self.place.min(self.text.len()))
    }
}
