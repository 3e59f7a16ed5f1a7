//! Reads an invite, or the link of a channel, out of a picture of its QR code. The picture comes from anywhere, so its
//! size is bounded before it is decoded.

use std::io::Cursor;

use base64ct::{Base64, Encoding as _};
use image::{ImageFormat, ImageReader, Limits};

/// The largest picture file that is looked at, in bytes.
pub(crate) const FILE_LIMIT: usize = 16 * 1024 * 1024;

/// The widest and highest picture: any camera's.
const SIDE_MAX: u32 = 12_000;

/// What decoding may take, in bytes.
const MEMORY_MAX: u64 = 256 * 1024 * 1024;

/// What the page hands over in base64; none if it is too large, or something else.
pub(crate) fn decode(base64: &str) -> Option<Vec<u8>> {
    if base64.len() > FILE_LIMIT / 3 * 4 {
        return None;
    }
    Base64::decode_vec(base64).ok()
}

/// The link in a text file or a picture: whatever it is, the core reads it with care.
pub(crate) async fn link_in(bytes: Vec<u8>) -> Option<String> {
    let read = tokio::task::spawn_blocking(move || read_link(&bytes)).await;
    // A decoder that panics has read nothing.
    read.ok().flatten()
}

fn read_link(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok().map(str::to_owned);
    text.or_else(|| read_qr(bytes))
        .map(|text| text.trim().to_owned())
}

/// The text of the first QR code in a PNG or JPEG picture; none if there is none, or the picture is something else.
fn read_qr(bytes: &[u8]) -> Option<String> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return None;
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let picture = reader.decode().ok()?.into_luma8();
    let mut prepared = rqrr::PreparedImage::prepare(picture);
    let grids = prepared.detect_grids();
    grids.iter().find_map(|grid| Some(grid.decode().ok()?.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_gives_nothing() {
        for bytes in [
            &b""[..],
            b"vigil:abc",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            &[0xff; 4096],
        ] {
            assert_eq!(read_qr(bytes), None);
        }
    }

    #[test]
    fn a_picture_that_claims_to_be_huge_is_not_decoded() {
        // A PNG header of 60,000 by 60,000 pixels, with the checksum that belongs to it.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(60_000_u32.to_be_bytes());
        png.extend(60_000_u32.to_be_bytes());
        png.extend([8, 0, 0, 0, 0, 0x5f, 0x39, 0x1a, 0x09]);
        assert_eq!(read_qr(&png), None);
    }
}
