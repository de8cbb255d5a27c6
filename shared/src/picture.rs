//! Pictures by their bytes: what a file is, and how large what it shows; its name and its declared type
//! say nothing.

use alloc::format;
use core::ops::RangeInclusive;

/// The largest file, in bytes.
pub const LARGEST: usize = 64 * 1024;

/// How many pixels a side may have: more than a logo needs, and few enough for every phone to unpack.
pub const SIDES: RangeInclusive<u32> = 1..=1_024;

/// What a picture is written in. No SVG: it can hold scripts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG (W3C, third edition).
    Png,
    /// WebP (RFC 9649).
    Webp,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// The media type.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// The format of a media type.
    #[must_use]
    pub fn of_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.mime() == mime)
    }
}

/// What a file shows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Picture {
    /// What it is written in.
    pub format: Format,
    /// How many pixels it is wide and high.
    pub sides: [u32; 2],
}

/// Why a file is no picture of ours.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PictureError {
    /// It ends too soon, or goes on after its end.
    #[error("it is not whole, or holds something else besides the picture")]
    Broken,
    /// It is none of the formats.
    #[error("it is no PNG, JPEG or WebP")]
    Format,
    /// It has too many bytes.
    #[error("it has more than 64 KB")]
    Large,
    /// It shows nothing, or too much.
    #[error("its sides have 1 to 1,024 pixels")]
    Sides,
}

/// Reads what a file is, by its bytes.
pub fn read(file: &[u8]) -> Result<Picture, PictureError> {
    if LARGEST < file.len() {
        return Err(PictureError::Large);
    }
    let (format, sides) = if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        (Format::Png, png(file))
    } else if file.starts_with(b"\xff\xd8\xff") {
        (Format::Jpeg, jpeg(file))
    } else if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
        (Format::Webp, webp(file))
    } else {
        return Err(PictureError::Format);
    };
    let sides = sides.ok_or(PictureError::Broken)?;
    if !sides.iter().all(|it| SIDES.contains(it)) {
        return Err(PictureError::Sides);
    }
    Ok(Picture { format, sides })
}

/// The logo of a campaign as our own pages show it: a file that its owner sent by its path, whatever
/// this host is called; of other addresses only those that no network can change on its way.
#[must_use]
pub fn logo<'a>(campaign: &str, address: Option<&'a str>) -> Option<&'a str> {
    let address = address?;
    let own = format!("/c/{campaign}/logo.");
    let path = address.find(&own).map(|at| &address[at..]);
    let is_ours = |it: &&str| it.len() == own.len() + HASH_LENGTH && is_hash(&it[own.len()..]);
    path.filter(is_ours).or_else(|| Some(address).filter(|it| it.starts_with("https://")))
}

/// How many digits of its hash the address of a file ends with.
pub const HASH_LENGTH: usize = 24;

fn is_hash(text: &str) -> bool {
    text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// The sides of a PNG: its first chunk has them, its last is empty and nothing follows.
fn png(file: &[u8]) -> Option<[u32; 2]> {
    const HEAD: &[u8] = b"\0\0\0\x0dIHDR";
    const END: &[u8] = b"\0\0\0\0IEND\xaeB`\x82";
    let first = file.get(8..)?.strip_prefix(HEAD)?;
    let side = |at: usize| Some(u32::from_be_bytes(first.get(at..at + 4)?.try_into().ok()?));
    let sides = [side(0)?, side(4)?];
    let is_whole = first.get(17..)?.ends_with(END);
    is_whole.then_some(sides)
}

/// The sides of a JPEG: the segment that begins its frame has them; the end of the picture ends the file.
fn jpeg(file: &[u8]) -> Option<[u32; 2]> {
    let mut rest = file.get(2..)?.strip_suffix(b"\xff\xd9")?;
    loop {
        let marker = rest.strip_prefix(&[0xff])?;
        match *marker.first()? {
            // Markers may be filled up.
            0xff => rest = marker,
            // A frame, but for tables of Huffman, extensions and tables of arithmetic coding.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                let side = |at: usize| Some(u32::from(short(marker.get(at..at + 2)?)?));
                return Some([side(6)?, side(4)?]);
            }
            // The picture begins, and no frame was named.
            0xd8..=0xda => return None,
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => rest = marker.get(1..)?,
            _ => {
                let length = usize::from(short(marker.get(1..3)?)?);
                rest = marker.get(1 + length.max(2)..)?;
            }
        }
    }
}

fn short(bytes: &[u8]) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

/// The sides of a WebP, by the kind of its first chunk; its own length is that of the file.
fn webp(file: &[u8]) -> Option<[u32; 2]> {
    let length = u32::from_le_bytes(file.get(4..8)?.try_into().ok()?);
    if usize::try_from(length).ok()?.checked_add(8)? != file.len() {
        return None;
    }
    let chunk = file.get(20..)?;
    // Numbers of up to 32 bits, the lowest byte first.
    let number = |at: usize, bytes: usize| {
        let bytes = chunk.get(at..at + bytes)?;
        Some(bytes.iter().rev().fold(0, |sum: u32, it| (sum << 8) | u32::from(*it)))
    };
    match file.get(12..16)? {
        b"VP8 " => {
            let begins = chunk.get(3..6)? == b"\x9d\x01\x2a";
            begins.then_some([number(6, 2)? & 0x3fff, number(8, 2)? & 0x3fff])
        }
        b"VP8L" => {
            let bits = number(1, 4)?;
            (chunk.first()? == &0x2f).then_some([1 + (bits & 0x3fff), 1 + ((bits >> 14) & 0x3fff)])
        }
        b"VP8X" => Some([1 + number(4, 3)?, 1 + number(7, 3)?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use alloc::{vec, vec::Vec};

    use super::*;

    /// A PNG of these sides, as far as its header and its end tell.
    fn a_png(sides: [u32; 2]) -> Vec<u8> {
        let [width, height] = sides.map(u32::to_be_bytes);
        let head = [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &width, &height].concat();
        let more = b"\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82";
        [head, more.to_vec()].concat()
    }

    /// A JPEG with the segment that many cameras write first, fill bytes, a table and a frame.
    fn a_jpeg([width, height]: [u16; 2]) -> Vec<u8> {
        let mut file = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
        file.extend(b"\xff\xff\xff\xc4\0\x03\0\xff\xc2\0\x0b\x08");
        file.extend(height.to_be_bytes());
        file.extend(width.to_be_bytes());
        file.extend(b"\x01\x01\x11\0\xff\xda\0\x02\x12\x34\xff\xd9");
        file
    }

    fn a_webp(kind: &[u8], chunk: &[u8]) -> Vec<u8> {
        let length = u32::try_from(chunk.len()).unwrap();
        let all = (length + 12).to_le_bytes();
        [b"RIFF", &all[..], b"WEBP", kind, &length.to_le_bytes(), chunk].concat()
    }

    fn lossy(width: u16, height: u16) -> Vec<u8> {
        let [width, height] = [width, height].map(u16::to_le_bytes);
        a_webp(b"VP8 ", &[&b"\x30\x01\0\x9d\x01\x2a"[..], &width, &height].concat())
    }

    fn lossless(width: u32, height: u32) -> Vec<u8> {
        let bits = (width - 1) | ((height - 1) << 14) | (1 << 28);
        a_webp(b"VP8L", &[&[0x2f][..], &bits.to_le_bytes(), &[0]].concat())
    }

    fn extended(width: u32, height: u32) -> Vec<u8> {
        let [width, height] = [width - 1, height - 1].map(u32::to_le_bytes);
        a_webp(b"VP8X", &[&[0x10, 0, 0, 0][..], &width[..3], &height[..3]].concat())
    }

    #[track_caller]
    fn check(file: &[u8], expected: Result<(Format, [u32; 2]), PictureError>) {
        assert_eq!(read(file), expected.map(|(format, sides)| Picture { format, sides }));
    }

    #[test]
    fn r_look_4_a_picture_is_known_by_its_bytes_with_its_sides() {
        use Format::{Jpeg, Png, Webp};
        for sides in [[1, 1], [640, 480], [1_024, 1_024]] {
            check(&a_png(sides), Ok((Png, sides)));
            let [width, height] = sides.map(|it| u16::try_from(it).unwrap());
            check(&a_jpeg([width, height]), Ok((Jpeg, sides)));
            check(&lossy(width, height), Ok((Webp, sides)));
            check(&lossless(sides[0], sides[1]), Ok((Webp, sides)));
            check(&extended(sides[0], sides[1]), Ok((Webp, sides)));
        }
        for sides in [[0, 1], [1, 0], [1_025, 1], [1, 1_025], [u32::MAX, 1], [9_999, 9_999]] {
            check(&a_png(sides), Err(PictureError::Sides));
        }
        for sides in [[0, 1], [1, 1_025], [65_535, 65_535]] {
            check(&a_jpeg(sides), Err(PictureError::Sides));
        }
        check(&lossy(0, 1), Err(PictureError::Sides));
        check(&lossless(1_025, 1), Err(PictureError::Sides));
        check(&extended(1, 1 << 24), Err(PictureError::Sides));
    }

    #[test]
    fn r_look_4_what_is_cut_off_or_goes_on_is_no_picture() {
        let all = [a_png([9, 9]), a_jpeg([9, 9]), lossy(9, 9), lossless(9, 9), extended(9, 9)];
        for file in all {
            for end in 0..file.len() {
                let cut = read(&file[..end]);
                assert!(matches!(cut, Err(PictureError::Broken | PictureError::Format)), "{cut:?}");
            }
            // Both a picture and a page, or a script.
            for more in [&b"<script>alert(1)</script>"[..], b"\0", b"PK\x03\x04"] {
                check(&[&file[..], more].concat(), Err(PictureError::Broken));
            }
        }
        // A JPEG whose picture begins before its frame, and one of nothing but fill bytes.
        check(b"\xff\xd8\xff\xda\0\x02\x01\xff\xd9", Err(PictureError::Broken));
        check(
            &[&b"\xff\xd8"[..], &[0xff; 99], &b"\xff\xd9"[..]].concat(),
            Err(PictureError::Broken),
        );
        // Segments that say they have no length end nevertheless.
        check(b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0\xff\xd9", Err(PictureError::Broken));
    }

    #[test]
    fn r_look_4_what_is_none_of_the_three_is_refused() {
        for file in [
            &b""[..],
            b"<html><script>alert(1)</script>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"<?xml version=\"1.0\"?><svg/>",
            b"GIF89a/*\x01\0*/=1;alert(1)",
            b"BM6\0\0\0",
            b"%PDF-1.7",
            b"RIFF\0\0\0\0WAVE",
            b" \x89PNG\r\n\x1a\n",
            b"\xff\xd8",
        ] {
            check(file, Err(PictureError::Format));
        }
    }

    #[test]
    fn r_look_4_a_file_has_64_kb_at_most() {
        // A text in a PNG fills it up.
        let filled = |length: usize| {
            let plain = a_png([9, 9]);
            let (head, end) = plain.split_at(33);
            let text = vec![b' '; length - plain.len()];
            [head, &text, end].concat()
        };
        check(&filled(LARGEST), Ok((Format::Png, [9, 9])));
        check(&filled(LARGEST + 1), Err(PictureError::Large));
        check(&vec![b'<'; LARGEST + 1], Err(PictureError::Large));
    }

    #[test]
    fn a_format_is_found_by_its_type() {
        for format in Format::ALL {
            assert_eq!(Format::of_mime(format.mime()), Some(format));
        }
        assert_eq!(Format::of_mime("image/svg+xml"), None);
    }

    #[test]
    fn r_look_4_our_pages_show_a_file_by_its_path_and_others_by_https() {
        let own = "/c/shop01/logo.0123456789abcdef01234567";
        for host in ["https://link.example", "http://127.0.0.1:8787"] {
            assert_eq!(logo("shop01", Some(&format!("{host}{own}"))), Some(own));
        }
        for other in ["https://x.example/a.svg", "https://x.example/c/shop01/logo.png"] {
            assert_eq!(logo("shop01", Some(other)), Some(other));
        }
        let others = format!("http://link.example{own}");
        for none in ["http://x.example/a.png", "javascript:x", "", "http://x/c/shop01/logo.é"] {
            assert_eq!(logo("shop01", Some(none)), None, "{none}");
        }
        assert_eq!(logo("shop02", Some(&others)), None);
        assert_eq!(logo("shop01", None), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_bytes_are_reading_ends(head in 0..5_usize, tail: Vec<u8>) {
            let heads: [&[u8]; 5] = [b"", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", b"\xff\xd8\xff",
                b"RIFF\x10\0\0\0WEBPVP8 \0\0\0\0", b"\xff\xd8\xff\xe0\0\x02"];
            let _ = read(&[heads[head], &tail].concat());
        }
    }
}
