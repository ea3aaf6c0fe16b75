//! MP3 files, which go up as they are.

use web_sys::Blob;

use super::blocks::Breath;
use crate::browser::blob::{BLOCK_BYTES, bytes_of, slice};
use crate::browser::error::Rejection;
use crate::core::audio::Upload;
use crate::core::audio::mp3::Walker;

/// How many bytes are walked through at a time, which takes well below a
/// millisecond.
const STEP_BYTES: usize = 64 * 1024;

/// What is in an MP3; fails where the API could not play it.
pub async fn walked(source: &Blob) -> Result<Upload, Rejection> {
    let mut walker = Walker::new();
    let mut breath = Breath::new();
    let total_bytes = source.size() as u64;
    let mut at = 0;
    while at < total_bytes {
        let next = total_bytes.min(at + BLOCK_BYTES);
        for step in bytes_of(&slice(source, at, next)?)
            .await?
            .chunks(STEP_BYTES)
        {
            walker.push(step);
            breath.take().await;
        }
        at = next;
    }
    Ok(Upload::of_mp3(walker.finish()?))
}
