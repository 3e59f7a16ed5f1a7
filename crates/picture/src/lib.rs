//! Pictures before they are sent, and before they are shown.
//!
//! What it is: it decodes a picture within bounds, turns it upright, makes it small enough and writes it anew, so that
//! nothing of the file it came from is left but what is seen: no place, time, camera, name or comment, and nothing behind
//! its end. What it is not: it hides nothing that can be seen in the picture. Invariant: whatever the bytes are, what it
//! takes in memory is bounded before anything is decoded.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, Limits};

/// The largest picture file that is looked at, in bytes: of any telephone.
pub const FILE_LIMIT: u64 = 32 * 1024 * 1024;

/// The longer side of what is sent, and of what is shown unless less is asked for: more than a screen has.
pub const SIDE: u32 = 2048;

/// The widest and highest picture that is decoded: any camera's.
const SIDE_MAX: u32 = 12_000;

/// What decoding may take, in bytes: 64 million pixels.
const MEMORY_MAX: u64 = 256 * 1024 * 1024;

/// Where JPEG starts to be seen.
const QUALITY: u8 = 82;

/// A drawing or a screenshot stays sharp as a PNG up to this size; beyond it a JPEG is smaller.
const PNG_LIMIT: usize = 512 * 1024;

/// A picture that our own encoder wrote.
#[derive(Clone, Eq, PartialEq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// What sort of file.
    pub format: Format,
    /// How wide it is.
    pub width: u32,
    /// How high it is.
    pub height: u32,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} by {})", self.width, self.height)
    }
}

/// What sort of file a picture is in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// A JPEG.
    Jpeg,
    /// A PNG.
    Png,
}

impl Format {
    /// Its name among media types.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// A name for a file of it that says nothing: that of the file it came from may say when it was taken.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Jpeg => "picture.jpg",
            Self::Png => "picture.png",
        }
    }
}

/// The bytes look like a picture and are none that can be decoded here.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "this looks like a picture and cannot be read as one; send it as a file, with all that is in it"
)]
pub struct Unreadable;

/// Whether the beginning of a file is that of a picture that [`rewrite`] reads: JPEG, PNG or WebP. 16 bytes are enough.
#[must_use]
pub fn is_picture(beginning: &[u8]) -> bool {
    format_of(beginning).is_some()
}

fn format_of(beginning: &[u8]) -> Option<ImageFormat> {
    image::guess_format(beginning).ok().filter(|format| {
        matches!(
            format,
            ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP
        )
    })
}

/// Writes a picture anew, its longer side at most `longest`.
///
/// # Errors
/// Fails if the bytes are no picture, or one that would take too much.
pub fn rewrite(bytes: &[u8], longest: u32) -> Result<Picture, Unreadable> {
    let format = format_of(bytes).ok_or(Unreadable)?;
    let upright = decode(bytes, format)?;
    let longest = longest.clamp(1, SIDE_MAX);
    let fits = upright.width() <= longest && upright.height() <= longest;
    let small = if fits {
        upright
    } else {
        upright.resize(longest, longest, FilterType::Triangle)
    };
    encode(&small, format)
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Unreadable> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    limits.max_alloc = Some(MEMORY_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Unreadable)?;
    let (width, height) = decoder.dimensions();
    if width > SIDE_MAX || height > SIDE_MAX || decoder.total_bytes() > MEMORY_MAX {
        return Err(Unreadable);
    }
    let orientation = decoder.orientation().map_err(|_| Unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Unreadable)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn encode(picture: &DynamicImage, from: ImageFormat) -> Result<Picture, Unreadable> {
    let (width, height) = (picture.width(), picture.height());
    let rgba = picture.color().has_alpha().then(|| picture.to_rgba8());
    let rgba = rgba.filter(|rgba| rgba.pixels().any(|pixel| pixel.0[3] != u8::MAX));
    if let Some(rgba) = rgba {
        let bytes = png(
            rgba.as_raw(),
            width,
            height,
            image::ExtendedColorType::Rgba8,
        )?;
        return Ok(Picture {
            bytes,
            format: Format::Png,
            width,
            height,
        });
    }
    let rgb = picture.to_rgb8();
    if from == ImageFormat::Png {
        let bytes = png(rgb.as_raw(), width, height, image::ExtendedColorType::Rgb8)?;
        if bytes.len() <= PNG_LIMIT {
            return Ok(Picture {
                bytes,
                format: Format::Png,
                width,
                height,
            });
        }
    }
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY)
        .encode(rgb.as_raw(), width, height, image::ExtendedColorType::Rgb8)
        .map_err(|_| Unreadable)?;
    Ok(Picture {
        bytes,
        format: Format::Jpeg,
        width,
        height,
    })
}

fn png(
    pixels: &[u8],
    width: u32,
    height: u32,
    color: image::ExtendedColorType,
) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(pixels, width, height, color)
        .map_err(|_| Unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
