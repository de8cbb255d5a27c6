//! Forms that bring a file along: `multipart/form-data`, as browsers write it.

/// A field of a form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Part<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Whether it is a file.
    pub(super) is_file: bool,
    /// What it holds.
    pub(super) bytes: &'a [u8],
}

/// The most fields that are read.
const MOST: usize = 50;

/// The fields of a body by its content type; `None`, if it is no such form.
pub(super) fn read<'a>(kind: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let boundary = kind.strip_prefix("multipart/form-data")?.split_once("boundary=")?.1;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    if boundary.is_empty() || 70 < boundary.len() {
        return None;
    }
    let (first, rest) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut body = body.strip_prefix(first.as_bytes())?;
    let mut parts = Vec::new();
    while parts.len() < MOST && !body.starts_with(b"--") {
        body = body.strip_prefix(b"\r\n")?;
        let head = find(body, b"\r\n\r\n")?;
        let (heads, after) = (str::from_utf8(&body[..head]).ok()?, &body[head + 4..]);
        let end = find(after, rest.as_bytes())?;
        let disposition =
            heads.lines().find(|it| it.to_ascii_lowercase().starts_with("content-disposition:"))?;
        parts.push(Part {
            name: parameter(disposition, "name")?,
            is_file: parameter(disposition, "filename").is_some(),
            bytes: &after[..end],
        });
        body = &after[end + rest.len()..];
    }
    Some(parts)
}

/// A parameter of a header, in quotes as browsers write it.
fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = header;
    loop {
        let at = rest.find(&format!("{name}=\""))?;
        let before = rest[..at].chars().next_back();
        rest = &rest[at + name.len() + 2..];
        // Not the end of another name.
        if before.is_some_and(|it| it == ' ' || it == ';') {
            return rest.split('"').next();
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    let first = *part.first()?;
    let mut from = 0;
    loop {
        from += text.get(from..)?.iter().position(|it| *it == first)?;
        if text[from..].starts_with(part) {
            return Some(from);
        }
        from += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "multipart/form-data; boundary=----x7";

    fn body(parts: &[(&str, &str)]) -> String {
        let part = |(head, content): &(&str, &str)| {
            format!("------x7\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
        };
        parts.iter().map(part).collect::<Vec<_>>().concat() + "------x7--\r\n"
    }

    #[test]
    fn r_import_1_a_form_with_a_file_is_read_as_browsers_write_it() {
        let text = body(&[
            ("name=\"csrf\"", "t"),
            ("name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv", "a,b\r\n--c\r\n"),
            ("name=\"empty\"", ""),
        ]);
        let parts = read(KIND, text.as_bytes()).unwrap();
        let found: Vec<_> = parts.iter().map(|it| (it.name, it.is_file, it.bytes)).collect();
        let expected: [(&str, bool, &[u8]); 3] =
            [("csrf", false, b"t"), ("file", true, b"a,b\r\n--c\r\n"), ("empty", false, b"")];
        assert_eq!(found, expected);
        assert_eq!(read(KIND, b"------x7--\r\n").unwrap(), []);
    }

    #[test]
    fn what_is_no_such_form_is_none() {
        let good = body(&[("name=\"a\"", "b")]);
        assert_eq!(read("application/x-www-form-urlencoded", good.as_bytes()), None);
        assert_eq!(read("multipart/form-data", good.as_bytes()), None);
        assert_eq!(read("multipart/form-data; boundary=", good.as_bytes()), None);
        for end in 0..good.len() - 4 {
            assert_eq!(read(KIND, &good.as_bytes()[..end]), None, "{end}");
        }
        assert_eq!(read(KIND, body(&[("filename=\"a\"", "b")]).as_bytes()), None);
        assert_eq!(read(KIND, b""), None);
    }
}
