//! Lists as files that spreadsheets open: CSV in UTF-8, in which no cell is a formula.

/// What a spreadsheet knows UTF-8 by.
pub const MARK: &str = "\u{feff}";

/// Adds a line of cells.
pub fn line<T: AsRef<str>>(to: &mut String, cells: &[T]) {
    for (place, cell) in cells.iter().enumerate() {
        if 0 < place {
            to.push(',');
        }
        write(to, cell.as_ref());
    }
    to.push_str("\r\n");
}

/// Writes a cell.
///
/// What begins as spreadsheets' formulas do gets a quotation mark in front, by which they take it for
/// text; so do numbers below nought, which nothing here is. So does what would begin a cell where a
/// spreadsheet parts lines otherwise than this file does: by semicolons, as in France, or by tabs.
fn write(to: &mut String, cell: &str) {
    let begins = |it: char| matches!(it, '=' | '+' | '-' | '@');
    let parts = |it: char| matches!(it, ',' | ';' | '\t' | '\r' | '\n');
    let is_quoted = cell.contains('"') || cell.contains(parts) || cell.starts_with(begins);
    if !is_quoted {
        return to.push_str(cell);
    }
    to.push('"');
    if cell.starts_with(['\t', '\r', '\n']) {
        to.push('\'');
    }
    // What stands in front: nothing yet, or what parts cells, and marks of quotes.
    let mut is_first = true;
    for letter in cell.chars() {
        if is_first && begins(letter) {
            to.push('\'');
        }
        is_first = parts(letter) || is_first && letter == '"';
        to.push(letter);
        if letter == '"' {
            to.push('"');
        }
    }
    to.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: &str) {
        let mut written = String::new();
        line(&mut written, &[cell]);
        assert_eq!(written, format!("{expected}\r\n"));
    }

    #[test]
    fn r_export_1_no_cell_is_a_formula() {
        check("=1+1", "\"'=1+1\"");
        check(
            "=HYPERLINK(\"http://evil\",\"a\")",
            "\"'=HYPERLINK(\"\"http://evil\"\",\"\"a\"\")\"",
        );
        check("+33 1", "\"'+33 1\"");
        check("-2", "\"'-2\"");
        check("@SUM(A1)", "\"'@SUM(A1)\"");
        check("\t=1", "\"'\t'=1\"");
        check("\r=1", "\"'\r'=1\"");
        check("\n=1", "\"'\n'=1\"");
        // Where a spreadsheet parts cells by semicolons or tabs, or loses count of the quotes.
        check("a;=1+1", "\"a;'=1+1\"");
        check("a\t@SUM(A1)", "\"a\t'@SUM(A1)\"");
        check("a,-2", "\"a,'-2\"");
        check("a\r\n+1;b", "\"a\r\n'+1;b\"");
        check("a;\"=1", "\"a;\"\"'=1\"");
        check("a;b=1", "\"a;b=1\"");
    }

    #[test]
    fn what_parts_cells_is_quoted() {
        check("a,b", "\"a,b\"");
        check("a\"b", "\"a\"\"b\"");
        check("a\nb", "\"a\nb\"");
        check("", "");
        check("Ünï 1=1", "Ünï 1=1");
        let mut written = String::new();
        line(&mut written, &["a", "", "b"]);
        assert_eq!(written, "a,,b\r\n");
    }
}
