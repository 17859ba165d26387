//! Bytes to text, wherever they were cut. It keeps what is not yet a character.

/// Bytes to text, with a character that was cut between two reads kept for the next.
#[derive(Default)]
pub(super) struct Decoder {
    rest: Vec<u8>,
}

impl Decoder {
    pub fn decode(&mut self, bytes: &[u8]) -> String {
        self.rest.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.rest.len());
        let mut start = 0;
        loop {
            match std::str::from_utf8(&self.rest[start..]) {
                Ok(valid) => {
                    text.push_str(valid);
                    self.rest.clear();
                    return text;
                }
                Err(error) => {
                    let end = start + error.valid_up_to();
                    text.push_str(std::str::from_utf8(&self.rest[start..end]).unwrap_or_default());
                    match error.error_len() {
                        Some(length) => {
                            text.push(char::REPLACEMENT_CHARACTER);
                            start = end + length;
                        }
                        None => {
                            self.rest.drain(..end);
                            return text;
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_between_reads_arrives_whole() {
        let mut decoder = Decoder::default();
        let text = "aß😀\u{0}z".as_bytes();
        let whole: String = text.iter().map(|byte| decoder.decode(&[*byte])).collect();
        assert_eq!(whole, "aß😀\u{0}z");
        assert_eq!(decoder.decode(b"\xffa\xf0\x9f"), "\u{fffd}a");
        assert_eq!(decoder.decode(b"\x98\x80"), "😀");
    }
}
