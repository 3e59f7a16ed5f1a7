//! Frames on a stream: `length (u32, big-endian) ‖ content ‖ zeros` up to a multiple of [`CELL`] bytes.
//!
//! Length 0 is a keepalive. Padding hides the exact length of what is said from who counts bytes (PROTOCOL §5).

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
/// Everything on the wire comes in multiples of this many bytes.
pub(crate) const CELL: usize = 1024;

const HEADER: usize = 4;

/// Appends one frame. Content over `limit` is our own mistake and is left out.
pub(crate) fn encode(content: &[u8], limit: usize, out: &mut Vec<u8>) {
    let Some(length) = u32::try_from(content.len())
        .ok()
        .filter(|_| content.len() <= limit)
    else {
        debug_assert!(false, "the core packs frames within the limit");
        return;
    };
    let end = out.len() + padded(content.len());
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(content);
    out.resize(end, 0);
}

/// A frame that says nothing.
pub(crate) fn keepalive() -> Vec<u8> {
    let mut bytes = Vec::with_capacity(CELL);
    encode(&[], 0, &mut bytes);
    bytes
}

/// Reads one frame; `None` is a keepalive. Holds at most one frame of `limit`.
pub(crate) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    limit: usize,
) -> io::Result<Option<Vec<u8>>> {
    let mut first = [0; CELL];
    stream.read_exact(&mut first).await?;
    let (header, rest) = first.split_at(HEADER);
    let length = header
        .iter()
        .fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
    if length > limit {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a frame is over the limit",
        ));
    }
    let mut content = vec![0; padded(length) - HEADER];
    let (head, tail) = content.split_at_mut(CELL - HEADER);
    head.copy_from_slice(rest);
    stream.read_exact(tail).await?;
    if content.iter().skip(length).any(|byte| *byte != 0) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a frame is padded with something",
        ));
    }
    content.truncate(length);
    Ok((length > 0).then_some(content))
}

/// Writes what [`encode`] gave and lets it go.
pub(crate) async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

const fn padded(content: usize) -> usize {
    (HEADER + content).div_ceil(CELL) * CELL
}
