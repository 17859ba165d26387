//! Server-sent events out of bytes that arrive in any pieces. It keeps only `data`, and does not know what that says.

/// The longest event it will hold, so that a broken service cannot fill the memory.
const LONGEST_EVENT_BYTES: usize = 8 * 1024 * 1024;

/// One event holds more than anybody would send on purpose.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {LONGEST_EVENT_BYTES} bytes")]
pub struct TooLong;

/// A stream of bytes on its way to becoming events. Lines are decoded whole, so a character may be cut anywhere.
#[derive(Debug, Default)]
pub struct Events {
    line: Vec<u8>,
    data: Option<String>,
    after_return: bool,
    past_first_line: bool,
}

impl Events {
    /// Takes the next bytes and adds the events they complete to `events`.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<String>) -> Result<(), TooLong> {
        let mut rest = bytes;
        if self.after_return && !rest.is_empty() {
            self.after_return = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            self.line.extend_from_slice(&rest[..end]);
            self.end_line(events);
            let ended_by_return = rest[end] == b'\r';
            rest = &rest[end + 1..];
            if ended_by_return {
                self.after_return = rest.is_empty();
                rest = rest.strip_prefix(b"\n").unwrap_or(rest);
            }
        }
        self.line.extend_from_slice(rest);
        if self.line.len() + self.data.as_ref().map_or(0, String::len) > LONGEST_EVENT_BYTES {
            return Err(TooLong);
        }
        Ok(())
    }

    /// The event that was still open when the bytes ended: the last line, or the empty one after it, may be missing.
    pub fn finish(mut self) -> Option<String> {
        let mut events = Vec::new();
        self.end_line(&mut events);
        events.pop().or(self.data)
    }

    fn end_line(&mut self, events: &mut Vec<String>) {
        let bytes = std::mem::take(&mut self.line);
        let mut line = bytes.as_slice();
        if !self.past_first_line {
            self.past_first_line = true;
            line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
        }
        if line.is_empty() {
            events.extend(self.data.take());
        } else if let Some(value) = data_field(line) {
            let value = String::from_utf8_lossy(value);
            match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(&value);
                }
                None => self.data = Some(value.into_owned()),
            }
        }
    }
}

fn data_field(line: &[u8]) -> Option<&[u8]> {
    let value = line.strip_prefix(b"data")?;
    if value.is_empty() {
        return Some(value);
    }
    let value = value.strip_prefix(b":")?;
    Some(value.strip_prefix(b" ").unwrap_or(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Vec<String> {
        let mut stream = Events::default();
        let mut events = Vec::new();
        for chunk in chunks {
            stream.push(chunk, &mut events).expect("well formed");
        }
        events.extend(stream.finish());
        events
    }

    #[test]
    fn any_cut_gives_the_same_events() {
        let text =
            "event: a\r\ndata: {\"größe\":\r\ndata: \"日本🦀\"}\r\n\r\n: note\n\ndata: two\n\ndata:three\r\rdata: four";
        let expected = ["{\"größe\":\n\"日本🦀\"}", "two", "three", "four"];
        assert_eq!(read([text.as_bytes()]), expected);
        assert_eq!(read(text.as_bytes().chunks(1)), expected);
        for cut in 0..=text.len() {
            let (left, right) = text.as_bytes().split_at(cut);
            assert_eq!(read([left, right]), expected, "cut at byte {cut}");
        }
    }

    #[test]
    fn comments_other_fields_and_a_byte_order_mark_are_passed_over() {
        let text = "\u{feff}data: one\nid: 7\nretry: 100\ndatabase: no\n:data: no\n\nevent: ping\n\n";
        assert_eq!(read([text.as_bytes()]), ["one"]);
    }

    #[test]
    fn an_event_without_its_final_newline_is_still_read() {
        assert_eq!(read([b"data: one\n\ndata: two\n".as_slice()]), ["one", "two"]);
        assert_eq!(read([b"data: one\n\ndata: two".as_slice()]), ["one", "two"]);
        assert_eq!(read([b"data: one\n\n".as_slice()]), ["one"]);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut stream = Events::default();
        let chunk = vec![b'x'; LONGEST_EVENT_BYTES / 2 + 1];
        let mut events = Vec::new();
        assert_eq!(stream.push(&chunk, &mut events), Ok(()));
        assert_eq!(stream.push(&chunk, &mut events), Err(TooLong));
    }
}
