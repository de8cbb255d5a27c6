//! Lists as files that spreadsheet programs open, without anything that they would run.

/// A file of rows (RFC 4180).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Csv(String);

/// What makes a spreadsheet program read a cell as a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

impl Csv {
    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if 0 < place {
                self.0.push(',');
            }
            self.0.push('"');
            if cell.trim_start().starts_with(FORMULA) || cell.starts_with(FORMULA) {
                self.0.push('\'');
            }
            self.0.push_str(&cell.replace('"', "\"\""));
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }

    /// The whole file.
    #[must_use]
    pub fn text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_text() {
        let mut csv = Csv::default();
        csv.row(["a", "", "say \"hi\", Bob", "1\n2"]);
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"] {
            csv.row([formula]);
        }
        let expected = "\"a\",\"\",\"say \"\"hi\"\", Bob\",\"1\n2\"\r\n\"'=1+1\"\r\n\"'+1\"\r\n\
                        \"'-1\"\r\n\"'@SUM(A1)\"\r\n\"'\t=1\"\r\n\"'\r=1\"\r\n\"'  =1\"\r\n";
        assert_eq!(csv.text(), expected);
    }
}
