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

/// The logo of a campaign as the pages of this service show it: a file that its owner sent by its path; of
/// other addresses only those that no network can change on its way.
#[must_use]
pub fn logo<'a>(service: &str, campaign: &str, address: Option<&'a str>) -> Option<&'a str> {
    let address = address?;
    let hash = |it: &'a str| it.strip_prefix(&*format!("/c/{campaign}/logo."));
    let is_ours = |it: &&'a str| hash(it).is_some_and(|it| it.len() == HASH_LENGTH && is_hash(it));
    let path = address.strip_prefix(service).filter(is_ours);
    path.or_else(|| Some(address).filter(|it| it.starts_with("https://")))
}

/// How many digits of its hash the address of a file ends with.
pub const HASH_LENGTH: usize = 24;

fn is_hash(text: &str) -> bool {
    text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
}

/// The sides of a PNG: chunk by chunk, the first has them, one at least holds the picture, and the last
/// is empty and nothing follows.
fn png(file: &[u8]) -> Option<[u32; 2]> {
    let (mut rest, mut sides, mut is_drawn) = (file.get(8..)?, None, false);
    loop {
        let (length, kind) = (u32::from_be_bytes(at(rest, 0)?), rest.get(4..8)?);
        let (body, after) = rest.get(8..)?.split_at_checked(usize::try_from(length).ok()?)?;
        // The check sum ends it.
        rest = after.get(4..)?;
        match kind {
            b"IHDR" if sides.is_none() && body.len() == 13 => {
                sides = Some([u32::from_be_bytes(at(body, 0)?), u32::from_be_bytes(at(body, 4)?)]);
            }
            b"IHDR" => return None,
            _ if sides.is_none() => return None,
            b"IDAT" => is_drawn |= !body.is_empty(),
            b"IEND" => {
                return sides.filter(|_| is_drawn && body.is_empty() && rest.is_empty());
            }
            _ => {}
        }
    }
}

/// The sides of a JPEG: segment by segment, the one that begins its frame has them, one at least holds
/// the picture, and the first end is that of the file.
fn jpeg(file: &[u8]) -> Option<[u32; 2]> {
    let (mut rest, mut sides, mut is_drawn) = (file.get(2..)?, None, false);
    loop {
        let marker = rest.strip_prefix(&[0xff])?;
        let (kind, after) = marker.split_first()?;
        rest = match kind {
            // Markers may be filled up.
            0xff => marker,
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => after,
            0x00 | 0xd8 => return None,
            0xd9 => return sides.filter(|_| is_drawn && after.is_empty()),
            _ => {
                let length = usize::from(u16::from_be_bytes(at(after, 0)?));
                let segment = after.get(2..length)?;
                let rest = after.get(length..)?;
                match kind {
                    // A frame, but for tables of Huffman, extensions and tables of arithmetic coding.
                    0xc0..=0xcf if !matches!(kind, 0xc4 | 0xc8 | 0xcc) => {
                        let side = |place| Some(u32::from(u16::from_be_bytes(at(segment, place)?)));
                        if sides.replace([side(3)?, side(1)?]).is_some() {
                            return None;
                        }
                        rest
                    }
                    // A part of the picture, as far as the next marker: within it 0xff is escaped.
                    0xda => {
                        let ends = |it: &[u8]| it[0] == 0xff && !matches!(it[1], 0 | 0xd0..=0xd7);
                        let end = rest.windows(2).position(ends)?;
                        sides?;
                        is_drawn |= 0 < end;
                        &rest[end..]
                    }
                    _ => rest,
                }
            }
        };
    }
}

/// The sides of a WebP: chunk by chunk up to its own length, which is that of the file. The first has
/// them, and one at least holds the picture, of the same sides unless it moves.
fn webp(file: &[u8]) -> Option<[u32; 2]> {
    let length = u32::from_le_bytes(at(file, 4)?);
    if usize::try_from(length).ok()?.checked_add(8)? != file.len() {
        return None;
    }
    let (mut rest, mut sides, mut is_drawn) = (file.get(12..)?, None, false);
    while !rest.is_empty() {
        let (kind, length) = (rest.get(..4)?, u32::from_le_bytes(at(rest, 4)?));
        let (body, after) = rest.get(8..)?.split_at_checked(usize::try_from(length).ok()?)?;
        // An even number of bytes.
        rest = after.get(body.len() % 2..)?;
        // The lowest byte first.
        let three = |place| at(body, place).map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]));
        let shown = match kind {
            b"VP8 " if body.get(3..6)? == b"\x9d\x01\x2a" && 10 < body.len() => {
                let side = |place| Some(u32::from(u16::from_le_bytes(at(body, place)?) & 0x3fff));
                [side(6)?, side(8)?]
            }
            b"VP8L" if body.first()? == &0x2f && 5 < body.len() => {
                let bits = u32::from_le_bytes(at(body, 1)?);
                [1 + (bits & 0x3fff), 1 + ((bits >> 14) & 0x3fff)]
            }
            b"VP8 " | b"VP8L" => return None,
            b"VP8X" if sides.is_none() => {
                sides = Some([1 + three(4)?, 1 + three(7)?]);
                continue;
            }
            _ => {
                // A picture of those that move, after its frame.
                is_drawn |= kind == b"ANMF" && 24 < body.len();
                sides?;
                continue;
            }
        };
        if *sides.get_or_insert(shown) != shown {
            return None;
        }
        is_drawn = true;
    }
    sides.filter(|_| is_drawn)
}

/// So many bytes from a place on.
fn at<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..)?.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use alloc::{vec, vec::Vec};

    use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};

    use super::*;

    // What a browser draws: 9 pixels wide and 7 high.
    const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHCAYAAADam2dgAAAAH0lEQVR4AdTKMQ0AAADCsAX/nkECvCzZVxncF\
        kO3KAAAAP//TVAhNgAAAAZJREFUAwDiIhH9YQjd4gAAAABJRU5ErkJggg==";
    const JPEG: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////\
        ////////////////////////////////////////2wBDAVVaWnhpeOuCguv////////////////////////////////////\
        /////////////////////////////////////wAARCAAHAAkDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xA\
        AUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwT/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBA\
        AIRAxEAPwCQA1j/2Q==";
    const LOSSY: &str =
        "UklGRjQAAABXRUJQVlA4ICgAAACQAQCdASoJAAcAB0CWJaACdLoAA5gA/uUK+Cepco/+N48CvJdjoAAA";
    const LOSSLESS: &str = "UklGRhwAAABXRUJQVlA4TA8AAAAvCIABAAcQ/Y/+ByKi/wEA";
    const EXTENDED: &str = "UklGRmQAAABXRUJQVlA4WAoAAAAQAAAACAAABgAAQUxQSBIAAAABDzCAERFCIJBksr/oDBH9jzxWUDggL\
        AAAAHABAJ0BKgkABwAHQJYlqAJ0AUAAAP7s2f8XYqn+vq8P+Oos7ffnObHYAAAA";

    /// A picture with other bytes at these places.
    fn with(picture: &str, places: &[(usize, &[u8])]) -> Vec<u8> {
        let mut file = BASE64.decode(picture).unwrap();
        for (place, bytes) in places {
            file[*place..place + bytes.len()].copy_from_slice(bytes);
        }
        file
    }

    fn whole() -> [Vec<u8>; 5] {
        [PNG, JPEG, LOSSY, LOSSLESS, EXTENDED].map(|it| with(it, &[]))
    }

    // The same that say that they have other sides.
    fn a_png([width, height]: [u32; 2]) -> Vec<u8> {
        with(PNG, &[(16, &width.to_be_bytes()), (20, &height.to_be_bytes())])
    }

    fn a_jpeg([width, height]: [u16; 2]) -> Vec<u8> {
        with(JPEG, &[(163, &height.to_be_bytes()), (165, &width.to_be_bytes())])
    }

    fn lossy(width: u16, height: u16) -> Vec<u8> {
        with(LOSSY, &[(26, &width.to_le_bytes()), (28, &height.to_le_bytes())])
    }

    fn lossless(width: u32, height: u32) -> Vec<u8> {
        let bits = (width - 1) | ((height - 1) << 14);
        with(LOSSLESS, &[(21, &bits.to_le_bytes())])
    }

    fn extended(width: u16, height: u16) -> Vec<u8> {
        let canvas = [width, height].map(|it| (it - 1).to_le_bytes());
        let drawn = [width, height].map(u16::to_le_bytes);
        let places: [(usize, &[u8]); 4] =
            [(24, &canvas[0]), (27, &canvas[1]), (70, &drawn[0]), (72, &drawn[1])];
        with(EXTENDED, &places)
    }

    /// A chunk of a PNG; nobody looks at its check sum.
    fn chunk(kind: &[u8], body: &[u8]) -> Vec<u8> {
        [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], kind, body, b"\0\0\0\0"].concat()
    }

    /// A WebP of these chunks.
    fn riff(chunks: &[(&[u8], &[u8])]) -> Vec<u8> {
        let mut body = b"WEBP".to_vec();
        for (kind, bytes) in chunks {
            body.extend(
                [kind, &u32::try_from(bytes.len()).unwrap().to_le_bytes()[..], bytes].concat(),
            );
            body.resize(body.len().next_multiple_of(2), 0);
        }
        [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
    }

    #[track_caller]
    fn check(file: &[u8], expected: Result<(Format, [u32; 2]), PictureError>) {
        assert_eq!(read(file), expected.map(|(format, sides)| Picture { format, sides }));
    }

    #[test]
    fn r_look_4_a_picture_is_known_by_its_bytes_with_its_sides() {
        use Format::{Jpeg, Png, Webp};
        for (file, format) in whole().iter().zip([Png, Jpeg, Webp, Webp, Webp]) {
            check(file, Ok((format, [9, 7])));
        }
        for sides in [[1, 1], [640, 480], [1_024, 1_024]] {
            check(&a_png(sides), Ok((Png, sides)));
            let [width, height] = sides.map(|it| u16::try_from(it).unwrap());
            check(&a_jpeg([width, height]), Ok((Jpeg, sides)));
            check(&lossy(width, height), Ok((Webp, sides)));
            check(&lossless(sides[0], sides[1]), Ok((Webp, sides)));
            check(&extended(width, height), Ok((Webp, sides)));
        }
        for sides in [[0, 1], [1, 0], [1_025, 1], [1, 1_025], [u32::MAX, 1], [9_999, 9_999]] {
            check(&a_png(sides), Err(PictureError::Sides));
        }
        for sides in [[0, 1], [1, 1_025], [65_535, 65_535]] {
            check(&a_jpeg(sides), Err(PictureError::Sides));
        }
        check(&lossy(0, 1), Err(PictureError::Sides));
        check(&lossless(1_025, 1), Err(PictureError::Sides));
        check(&extended(1, 1_025), Err(PictureError::Sides));
    }

    #[test]
    fn r_look_4_what_is_cut_off_or_goes_on_is_no_picture() {
        for file in whole() {
            for end in 0..file.len() {
                let cut = read(&file[..end]);
                assert!(matches!(cut, Err(PictureError::Broken | PictureError::Format)), "{cut:?}");
            }
            // Both a picture and a page, or a script.
            for more in [&b"<script>alert(1)</script>"[..], b"\0", b"PK\x03\x04"] {
                check(&[&file[..], more].concat(), Err(PictureError::Broken));
            }
            // Nor does what ends the picture count where something else stands before it.
            let end = file.len() - 12;
            let padded = [&file[..end], b"<script>alert(1)</script>", &file[end..]].concat();
            let is_jpeg = file.starts_with(b"\xff\xd8");
            assert_eq!(read(&padded).is_ok(), is_jpeg, "within a scan anything is a picture");
        }
    }

    #[test]
    fn r_look_4_what_holds_no_picture_is_none_however_it_begins_and_ends() {
        let broken = |parts: &[&[u8]]| check(&parts.concat(), Err(PictureError::Broken));
        let png = with(PNG, &[]);
        // Its head, what is drawn, its end.
        let [head, drawn, end] = [&png[..33], &png[33..94], &png[94..]];
        check(&[head, drawn, end].concat(), Ok((Format::Png, [9, 7])));
        let text = chunk(b"tEXt", b"<script>alert(1)</script>");
        check(&[head, &text, drawn, end].concat(), Ok((Format::Png, [9, 7])));
        for parts in [
            &[head, end][..],
            &[head, b"<script>alert(1)</script>", end],
            &[head, &text, end],
            &[head, &chunk(b"IDAT", b""), end],
            &[&head[..8], &text, &head[8..], drawn, end],
            &[head, &head[8..], drawn, end],
            &[head, drawn, end, end],
            &[head, drawn, &chunk(b"IEND", b"x")],
            &[head, drawn, b"\xff\xff\xff\xffIEND\0\0\0\0"],
        ] {
            broken(parts);
        }
        let jpeg = with(JPEG, &[]);
        let scan = jpeg.windows(2).position(|it| it == b"\xff\xda").unwrap();
        let end = b"\xff\xd9";
        let frame = &jpeg[158..177];
        check(&[&jpeg[..158], &[0xff; 9], &jpeg[158..]].concat(), Ok((Format::Jpeg, [9, 7])));
        // Restarts and escaped bytes belong to the picture, and it may come in several scans.
        let scans = [&jpeg[..scan + 14], b"\x12\xff\0\xff\xd0", &jpeg[scan..]].concat();
        check(&scans, Ok((Format::Jpeg, [9, 7])));
        for parts in [
            &[&jpeg[..scan], &end[..]][..],
            &[&jpeg[..scan], b"<script>alert(1)</script>", end],
            // No scan's bytes, no frame, two of them, a second beginning, and a second end.
            &[&jpeg[..scan + 14], end],
            &[&jpeg[..158], &jpeg[177..]],
            &[&jpeg[..158], frame, &jpeg[158..]],
            &[&jpeg[..158], &jpeg],
            &[&jpeg, end],
            // Segments that say they have no length, or more than there is.
            &[b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0\xff\xd9"],
            &[b"\xff\xd8\xff\xe0\xff\xff", &jpeg[20..]],
            &[b"\xff\xd8", &[0xff; 99], end],
        ] {
            broken(parts);
        }
        let [lossy, extended] = [LOSSY, EXTENDED].map(|it| with(it, &[]));
        let (drawn, canvas): (&[u8], &[u8]) = (&lossy[20..], &extended[20..30]);
        let page: (&[u8], &[u8]) = (b"EXIF", b"<script>alert(1)</script>");
        check(&riff(&[(b"VP8X", canvas), page, (b"VP8 ", drawn)]), Ok((Format::Webp, [9, 7])));
        let other = with(EXTENDED, &[(24, &[9])]);
        check(&other, Err(PictureError::Broken));
        let none: [&[(&[u8], &[u8])]; 7] = [
            &[],
            &[(b"VP8X", canvas)],
            &[(b"VP8X", canvas), page],
            &[(b"VP8X", canvas), (b"VP8X", canvas), (b"ANMF", b"")],
            &[page, (b"VP8 ", drawn)],
            &[(b"VP8 ", &drawn[..10])],
            &[(b"VP8 ", drawn), (b"VP8L", b"\x2f\0\0\0\0\0")],
        ];
        for chunks in none {
            check(&riff(chunks), Err(PictureError::Broken));
        }
        // A chunk that is longer than the file.
        let long = with(LOSSY, &[(16, &[0xff; 4])]);
        check(&long, Err(PictureError::Broken));
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
            let plain = with(PNG, &[]);
            let (head, end) = plain.split_at(33);
            let text = chunk(b"tEXt", &vec![b' '; length - plain.len() - 12]);
            [head, &text, end].concat()
        };
        check(&filled(LARGEST), Ok((Format::Png, [9, 7])));
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
        let ours = "https://link.example";
        for host in [ours, "http://127.0.0.1:8787"] {
            assert_eq!(logo(host, "shop01", Some(&format!("{host}{own}"))), Some(own));
        }
        // What stands on another host is another picture, whatever its path.
        for host in ["https://x.example", "https://link.example.net", "https://link.example/x"] {
            let other = format!("{host}{own}");
            assert_eq!(logo(ours, "shop01", Some(&other)), Some(&*other));
        }
        for other in ["https://x.example/a.svg", "https://link.example/c/shop01/logo.png"] {
            assert_eq!(logo(ours, "shop01", Some(other)), Some(other));
        }
        let others = format!("http://link.example{own}");
        for none in
            ["http://x.example/a.png", "javascript:x", "", "http://x/c/shop01/logo.é", &others]
        {
            assert_eq!(logo(ours, "shop01", Some(none)), None, "{none}");
        }
        assert_eq!(logo("http://link.example", "shop02", Some(&others)), None);
        assert_eq!(logo(ours, "shop01", None), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_bytes_are_reading_ends(which in 0..5_usize, cut: u8, tail: Vec<u8>, place: u8) {
            let mut file = whole()[which].clone();
            let place = usize::from(place) % file.len();
            file[place] = cut;
            let _ = read(&file);
            file.truncate(usize::from(cut));
            let _ = read(&[file, tail].concat());
        }
    }
}
