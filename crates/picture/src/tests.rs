use image::{ExtendedColorType, Rgb, RgbImage};
use proptest::prelude::*;

use super::*;

/// A picture that is red above and blue below, wider than high.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| {
        if y < height / 2 {
            Rgb([220, 20, 20])
        } else {
            Rgb([20, 20, 220])
        }
    })
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes)
        .encode(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    bytes
}

fn png_file(picture: &RgbImage) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    png(picture.as_raw(), width, height, ExtendedColorType::Rgb8).unwrap()
}

/// What a telephone writes into a picture: how it was held (turned a quarter to the right), where, and with what.
fn exif() -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08".to_vec();
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        let mut entry = tag.to_be_bytes().to_vec();
        entry.extend(kind.to_be_bytes());
        entry.extend(count.to_be_bytes());
        entry.extend(value);
        entry
    };
    tiff.extend(3_u16.to_be_bytes());
    tiff.extend(entry(0x010f, 2, 12, 50_u32.to_be_bytes()));
    tiff.extend(entry(0x0112, 3, 1, [0, 6, 0, 0]));
    tiff.extend(entry(0x8825, 4, 1, 62_u32.to_be_bytes()));
    tiff.extend(0_u32.to_be_bytes());
    tiff.extend(b"SpyCamera 7\0");
    // The place: a reference and three fractions.
    tiff.extend(2_u16.to_be_bytes());
    tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(2, 5, 3, 92_u32.to_be_bytes()));
    tiff.extend(0_u32.to_be_bytes());
    for (above, below) in [(55_u32, 1_u32), (45, 1), (20_8868, 10_000)] {
        tiff.extend(above.to_be_bytes());
        tiff.extend(below.to_be_bytes());
    }
    tiff
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let mut segment = vec![0xff, marker];
    segment.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
    segment.extend_from_slice(content);
    segment
}

/// A JPEG with everything in it that should not leave the device.
fn telling_jpeg(picture: &RgbImage) -> Vec<u8> {
    let plain = jpeg(picture);
    let mut bytes = plain[..2].to_vec();
    bytes.extend(segment(0xe1, &[&b"Exif\0\0"[..], &exif()].concat()));
    bytes.extend(segment(
        0xe1,
        b"http://ns.adobe.com/xap/1.0/\0<xmp>alice at home</xmp>",
    ));
    bytes.extend(segment(0xfe, b"written by alice"));
    bytes.extend_from_slice(&plain[2..]);
    bytes.extend(b"PK\x03\x04 behind the end");
    bytes
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|part| part == what)
}

#[test]
fn place_camera_comment_and_what_is_behind_the_end_are_gone() {
    let telling = telling_jpeg(&flag(64, 32));
    let secrets: [&[u8]; 7] = [
        b"Exif",
        b"SpyCamera",
        &[0, 0, 0, 55, 0, 0, 0, 1, 0, 0, 0, 45],
        b"xmp",
        b"alice",
        b"PK\x03\x04",
        b"behind",
    ];
    for secret in secrets {
        assert!(holds(&telling, secret), "the trial holds {secret:?}");
    }
    let clean = rewrite(&telling, SIDE).unwrap();
    for secret in secrets {
        assert!(!holds(&clean.bytes, secret), "{secret:?} is left");
    }
    // Only what a decoder needs: no application segment but JFIF's own, no comment.
    let mut at = 2;
    while clean.bytes[at + 1] != 0xda {
        let marker = clean.bytes[at + 1];
        assert!(
            marker == 0xe0 || !(0xe0..=0xef).contains(&marker) && marker != 0xfe,
            "segment {marker:x}"
        );
        let length = u16::from_be_bytes([clean.bytes[at + 2], clean.bytes[at + 3]]);
        at += 2 + usize::from(length);
    }
    assert!(clean.bytes.ends_with(&[0xff, 0xd9]));
}

#[test]
fn a_picture_is_turned_as_it_was_held() {
    let clean = rewrite(&telling_jpeg(&flag(64, 32)), SIDE).unwrap();
    assert_eq!((clean.width, clean.height), (32, 64));
    let seen = image::load_from_memory(&clean.bytes).unwrap().to_rgb8();
    // Turned a quarter to the right, what was above is on the right.
    assert!(seen.get_pixel(28, 32).0[0] > 150, "red is on the right");
    assert!(seen.get_pixel(3, 32).0[2] > 150, "blue is on the left");
}

#[test]
fn texts_in_a_png_are_gone() {
    let plain = png_file(&flag(20, 20));
    // After the signature and the header chunk; what its checksum is does not matter to who only searches.
    let mut telling = plain[..33].to_vec();
    telling.extend(10_u32.to_be_bytes());
    telling.extend(b"tEXtCity\0Minsk");
    telling.extend(crc(b"tEXtCity\0Minsk").to_be_bytes());
    telling.extend_from_slice(&plain[33..]);
    telling.extend(b"behind the end");
    let clean = rewrite(&telling, SIDE).unwrap();
    assert_eq!(clean.format, Format::Png);
    assert!(holds(&telling, b"Minsk") && !holds(&clean.bytes, b"Minsk"));
    assert!(!holds(&clean.bytes, b"tEXt") && !holds(&clean.bytes, b"behind"));
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let odd = crc & 1 == 1;
            crc >>= 1;
            if odd {
                crc ^= 0xedb8_8320;
            }
        }
    }
    !crc
}

#[test]
fn a_large_picture_is_made_smaller_and_keeps_its_shape() {
    let small = rewrite(&jpeg(&flag(3000, 1500)), SIDE).unwrap();
    assert_eq!((small.width, small.height), (2048, 1024));
    let tiny = rewrite(&small.bytes, 100).unwrap();
    assert_eq!((tiny.width, tiny.height), (100, 50));
    assert_eq!(tiny.format.media_type(), "image/jpeg");
}

#[test]
fn what_claims_to_be_huge_is_not_decoded() {
    let mut huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    huge.extend(60_000_u32.to_be_bytes());
    huge.extend(60_000_u32.to_be_bytes());
    huge.extend([8, 0, 0, 0, 0]);
    let checksum = crc(&huge[12..]);
    huge.extend(checksum.to_be_bytes());
    assert!(is_picture(&huge));
    assert_eq!(rewrite(&huge, SIDE), Err(Unreadable));
}

#[test]
fn what_only_begins_like_a_picture_is_refused() {
    let good = jpeg(&flag(64, 64));
    for bytes in [
        &good[..20],
        b"\x89PNG\r\n\x1a\nxxxx",
        b"",
        b"vigil",
        b"GIF89a....",
        b"<svg/>",
    ] {
        assert_eq!(rewrite(bytes, SIDE), Err(Unreadable));
    }
    assert!(is_picture(&good) && !is_picture(b"%PDF-1.4") && !is_picture(b"GIF89a......"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn damaged_pictures_are_read_or_refused(at in 0usize..600, with in any::<u8>(), cut in 0usize..600) {
        let mut bytes = telling_jpeg(&flag(24, 16));
        let end = bytes.len();
        bytes[at % end] = with;
        bytes.truncate(end - cut % end);
        let _either = rewrite(&bytes, SIDE);
    }
}
