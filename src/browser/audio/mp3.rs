//! MP3 files, which go up as they are.

use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::Made;
use super::blocks::Breath;
use crate::browser::bytes::{BLOCK_BYTES, Bytes, buffer_of};
use crate::browser::decode::decode_mp3;
use crate::browser::error::Rejection;
use crate::browser::take;
use crate::core::audio::Upload;
use crate::core::audio::mp3::Walker;
use crate::core::audio::quality::{Listener, Quality};

/// How long the browser may take to decode what could be sent without, in
/// milliseconds; on a busy machine it took two seconds.
const LISTENING_MS: f64 = 10_000.0;

/// An MP3 that is sent. That of a take was listened to when the take was made.
pub async fn of(audio: &JsValue, source: &Blob, upload: Upload) -> Result<Made, Rejection> {
    match take::blob_of(audio) {
        Some(_) => Made::as_it_is(source, upload, None),
        None => heard(source, upload).await,
    }
}

/// An MP3, listened to where the browser can.
pub async fn heard(source: &Blob, upload: Upload) -> Result<Made, Rejection> {
    let quality = quality_of(source, &upload).await;
    Made::as_it_is(source, upload, quality)
}

/// What is in an MP3; fails where the API could not play it.
pub async fn walked(source: &Blob) -> Result<Upload, Rejection> {
    let mut walker = Walker::new();
    let mut breath = Breath::new();
    let mut bytes = Bytes::of(source.clone());
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match bytes.read(&mut block).await? {
            0 => break,
            count => walker.push(&block[..count]),
        }
        breath.take().await;
    }
    Ok(Upload::of_mp3(walker.finish()?))
}

/// What it is like; `None` where it is too long to be decoded, or where this
/// browser cannot: the server may, as its frames are whole.
async fn quality_of(source: &Blob, upload: &Upload) -> Option<Quality> {
    if !upload.may_be_decoded() {
        return None;
    }
    let bytes = buffer_of(source).await.ok()?;
    let mut decoded = decode_mp3(bytes, upload.sample_rate, LISTENING_MS).await?;
    let mut listener = None;
    let mut breath = Breath::new();
    while let Some((mono, rate)) = decoded.next().await.ok()? {
        listener
            .get_or_insert_with(|| Listener::new(rate))
            .push(&mono);
        breath.take().await;
    }
    listener.map(Listener::finish)
}
