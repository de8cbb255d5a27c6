//! Files of rows as spreadsheets write them: CSV with its quotes, by comma, semicolon or tab, in UTF-8
//! or Windows-1252.

use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// The longest row, in bytes: a few thousand of them are held at once.
pub const LONGEST_ROW: usize = 8 * 1024;

/// The most cells of a row.
pub const MOST_CELLS: usize = 100;

/// Rows that were cut from a piece of a file.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Cut {
    /// The rows, an empty one for a blank line.
    pub rows: Vec<Vec<String>>,
    /// How many bytes of the piece they are: the rest is a row whose end is not there yet.
    pub used: usize,
}

/// Why a piece is no part of such a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SheetError {
    /// A row of the piece, counted from 0, has no end.
    Endless(usize),
    /// A row is longer than [`LONGEST_ROW`].
    Long(usize),
    /// A row has more than [`MOST_CELLS`] cells.
    Wide(usize),
    /// It is in UTF-16, or no text at all.
    NoText,
}

/// What stands before the first row, and is no part of it: the mark of UTF-8.
#[must_use]
pub fn mark(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 }
}

/// What parts the cells, by the first row: what stands there most often outside of quotes.
#[must_use]
pub fn separator(bytes: &[u8]) -> u8 {
    let mut counts = [(b',', 0_u32), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in bytes.iter().take(LONGEST_ROW) {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if !quoted => {
                for it in counts.iter_mut().filter(|it| it.0 == *byte) {
                    it.1 += 1;
                }
            }
            _ => {}
        }
    }
    // The first of several that stand there as often.
    counts.iter().rev().max_by_key(|it| it.1).map_or(b',', |it| it.0)
}

/// Cuts whole rows from a piece that begins with a row; `is_last`, if the file ends with it.
pub fn cut(bytes: &[u8], separator: u8, is_last: bool) -> Result<Cut, SheetError> {
    if bytes.contains(&0) || bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(SheetError::NoText);
    }
    let mut cut = Cut::default();
    while cut.used < bytes.len() {
        let rest = &bytes[cut.used..];
        match row(rest, separator, is_last) {
            Some((_, used)) if LONGEST_ROW < used => {
                return Err(SheetError::Long(cut.rows.len()));
            }
            Some((cells, _)) if MOST_CELLS < cells.len() => {
                return Err(SheetError::Wide(cut.rows.len()));
            }
            Some((cells, used)) => {
                cut.rows.push(cells);
                cut.used += used;
            }
            None if LONGEST_ROW < rest.len() => return Err(SheetError::Endless(cut.rows.len())),
            None => break,
        }
    }
    Ok(cut)
}

/// One row and how many bytes it takes with its line end; `None`: its end is not there.
fn row(bytes: &[u8], separator: u8, is_last: bool) -> Option<(Vec<String>, usize)> {
    let (mut cells, mut cell) = (Vec::new(), Vec::new());
    let (mut at, mut quoted, mut begun) = (0, false, false);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' if quoted && bytes.get(at) == Some(&b'"') => {
                cell.push(byte);
                at += 1;
            }
            // Whether the next byte doubles it is not known yet.
            b'"' if quoted && at == bytes.len() && !is_last => return None,
            b'"' if quoted => quoted = false,
            b'"' if !begun => (quoted, begun) = (true, true),
            _ if quoted => cell.push(byte),
            b'\n' | b'\r' => {
                if byte == b'\r' {
                    match bytes.get(at) {
                        Some(b'\n') => at += 1,
                        // Whether a line feed belongs to it is not known yet.
                        None if !is_last => return None,
                        _ => {}
                    }
                }
                cells.push(text(&cell));
                return Some((blank(cells), at));
            }
            _ if byte == separator => {
                cells.push(text(&cell));
                cell.clear();
                begun = false;
            }
            _ => {
                begun = true;
                cell.push(byte);
            }
        }
    }
    if !is_last || quoted {
        return None;
    }
    cells.push(text(&cell));
    Some((blank(cells), at))
}

/// A row without cells, where nothing stands in any.
fn blank(cells: Vec<String>) -> Vec<String> {
    if cells.iter().all(String::is_empty) { vec![] } else { cells }
}

/// A cell as text, without the blanks around it: UTF-8, or what Windows wrote before that.
fn text(bytes: &[u8]) -> String {
    match core::str::from_utf8(bytes) {
        Ok(text) => text.trim().to_string(),
        Err(_) => bytes.iter().map(|it| windows(*it)).collect::<String>().trim().to_string(),
    }
}

/// A byte of Windows-1252. What it leaves open is read as Latin 1.
fn windows(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    let high = byte.checked_sub(0x80).and_then(|it| HIGH.get(usize::from(it)));
    high.copied().unwrap_or(char::from(byte))
}

/// How spreadsheets call a column: A, B, …, Z, AA, …
#[must_use]
pub fn letters(column: usize) -> String {
    let mut rest = column;
    let mut name = Vec::new();
    loop {
        name.push(b'A' + u8::try_from(rest % 26).unwrap_or_default());
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    name.iter().rev().map(|it| char::from(*it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &[u8], separator: u8, expected: &[&[&str]]) {
        let cut = cut(text, separator, true).unwrap();
        assert_eq!(cut.used, text.len());
        assert_eq!(cut.rows, expected);
    }

    #[test]
    fn r_import_1_rows_are_read_as_spreadsheets_write_them() {
        check(b"a,b\r\nc,d\r\n", b',', &[&["a", "b"], &["c", "d"]]);
        check(b"a;b\rc;d", b';', &[&["a", "b"], &["c", "d"]]);
        check(b"a\tb\n\n c \t", b'\t', &[&["a", "b"], &[], &["c", ""]]);
        check(b"\"a,\"\"b\"\"\r\nc\",d\n", b',', &[&["a,\"b\"\r\nc", "d"]]);
        check(b"\"a\"x,b\"c\"\n", b',', &[&["ax", "b\"c\""]]);
        check(b",,\n;\n", b',', &[&[], &[";"]]);
        check(b"", b',', &[]);
        check("Zoé\n".as_bytes(), b',', &[&["Zoé"]]);
        // As Excel writes it.
        check(b"Zo\xe9;\x80 5\n", b';', &[&["Zoé", "€ 5"]]);
        assert_eq!((mark(b"\xef\xbb\xbfa"), mark(b"a")), (3, 0));
    }

    #[test]
    fn r_import_1_the_separator_is_the_one_of_the_first_row() {
        for (text, expected) in [
            (&b"a,b;c,d\n;;;;"[..], b','),
            (b"a;b;\"c,d,e,f\"\n", b';'),
            (b"a\tb,c\td\n", b'\t'),
            (b"email\n", b','),
            (b"", b','),
        ] {
            assert_eq!(separator(text), expected);
        }
    }

    #[test]
    fn r_import_1_pieces_end_with_whole_rows_wherever_they_are_cut() {
        let text = "a,\"b\"\"\r\n\"\r\nZoé,\"\"\n\r\nlast".as_bytes();
        let whole = cut(text, b',', true).unwrap().rows;
        assert_eq!(whole.len(), 4);
        for size in 1..=text.len() {
            let (mut rows, mut from, mut piece) = (Vec::new(), 0, size);
            while from < text.len() {
                let end = (from + piece).min(text.len());
                let cut = cut(&text[from..end], b',', end == text.len()).unwrap();
                rows.extend(cut.rows);
                from += cut.used;
                piece = if cut.used == 0 { piece + 1 } else { size };
            }
            assert_eq!(rows, whole, "{size}");
        }
    }

    #[test]
    fn what_is_no_such_file_is_refused() {
        assert_eq!(cut(b"\xff\xfea\0", b',', true), Err(SheetError::NoText));
        assert_eq!(cut(b"a\0b", b',', true), Err(SheetError::NoText));
        let mut endless = b"a\n\"".to_vec();
        endless.extend(vec![b'x'; LONGEST_ROW + 1]);
        assert_eq!(cut(&endless, b',', false), Err(SheetError::Endless(1)));
        // One that ends, too late to be held with thousands of others.
        let mut long = vec![b'x'; LONGEST_ROW - 1];
        long.extend(b"\nb\n");
        assert_eq!(cut(&long, b',', false).unwrap().rows.len(), 2);
        long.insert(0, b'x');
        assert_eq!(cut(&long, b',', false), Err(SheetError::Long(0)));
        // A mark that nothing closes, at the end.
        assert_eq!(cut(b"a\n\"b", b',', true).unwrap().used, 2);
        let wide = vec![b','; MOST_CELLS];
        assert_eq!(cut(&wide, b',', true).unwrap().rows, [Vec::<String>::new()]);
        let wide = [wide, b"a".to_vec()].concat();
        assert_eq!(cut(&wide, b',', true), Err(SheetError::Wide(0)));
    }

    #[test]
    fn columns_are_called_as_in_a_spreadsheet() {
        for (column, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ")] {
            assert_eq!(letters(column), expected);
        }
    }
}
