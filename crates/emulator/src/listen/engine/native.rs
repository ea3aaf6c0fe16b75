//! The calls into the library: all `unsafe` code of the emulator.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::fmt;
use std::path::Path;
use std::ptr::NonNull;

use libloading::Library;

use crate::listen::error::Unavailable;

type Load = unsafe extern "C" fn(weights: *const u8, bytes: usize) -> *mut c_void;
type Free = unsafe extern "C" fn(model: *mut c_void);
type FrameCount = unsafe extern "C" fn(samples: i64) -> i64;
type Run = unsafe extern "C" fn(
    model: *mut c_void,
    samples: *const f32,
    sample_count: i64,
    log_probabilities: *mut f32,
    frame_count: *mut i64,
) -> i64;

/// A model in the library's memory.
pub struct Native {
    model: NonNull<c_void>,
    frame_count: FrameCount,
    run: Run,
    free: Free,
    // The library does not say whether it copies the weights.
    _weights: Vec<u8>,
    // Last, so that it is unloaded last: the pointers above lead into it.
    _library: Library,
}

// SAFETY: the library has no thread-local state (no TLS segment), and `run` takes `&mut self`, so
// that one thread at a time uses the model.
unsafe impl Send for Native {}

impl fmt::Debug for Native {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Native")
    }
}

impl Native {
    /// Loads the library and a model from its weights.
    pub fn load(library: &Path, weights: Vec<u8>) -> Result<Native, Unavailable> {
        let failed = |error: libloading::Error| Unavailable::Engine(error.to_string());
        // SAFETY: `Files::open` has checked the hash of the file. It has no code that runs when it
        // is loaded, and its functions have these signatures (hama 1.7.0, `_engine.py`).
        let (library, load, free, frame_count, run) = unsafe {
            let library = Library::new(library).map_err(failed)?;
            let load: Load = *library.get(b"hama_asr_load\0").map_err(failed)?;
            let free: Free = *library.get(b"hama_asr_free\0").map_err(failed)?;
            let frames: FrameCount = *library.get(b"hama_asr_num_frames\0").map_err(failed)?;
            let run: Run = *library.get(b"hama_asr_run\0").map_err(failed)?;
            (library, load, free, frames, run)
        };
        // SAFETY: the library reads this many bytes, which live as long as the model.
        let model = unsafe { load(weights.as_ptr(), weights.len()) };
        let model = NonNull::new(model)
            .ok_or_else(|| Unavailable::Engine("it does not accept its weights".into()))?;
        Ok(Native {
            model,
            frame_count,
            run,
            free,
            _weights: weights,
            _library: library,
        })
    }

    /// The log-probabilities of `symbols` symbols in each frame; `None` if the engine fails.
    pub fn run(&mut self, samples: &[f32], symbols: usize) -> Option<Vec<f32>> {
        let sample_count = i64::try_from(samples.len()).ok()?;
        // SAFETY: arithmetic on a number.
        let capacity = unsafe { (self.frame_count)(sample_count) };
        let capacity = usize::try_from(capacity).ok()?;
        // One frame a sample would be more than there can be.
        if capacity > samples.len() {
            return None;
        }
        let mut log_probabilities = vec![0.0; capacity * symbols];
        let mut frames: i64 = 0;
        // SAFETY: the model is valid until `drop`; the output has room for as many frames as the
        // library said.
        let status = unsafe {
            (self.run)(
                self.model.as_ptr(),
                samples.as_ptr(),
                sample_count,
                log_probabilities.as_mut_ptr(),
                &mut frames,
            )
        };
        let frames = usize::try_from(frames).ok()?;
        if status < 0 || frames > capacity {
            return None;
        }
        log_probabilities.truncate(frames * symbols);
        Some(log_probabilities)
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        // SAFETY: the model came from `load` and is not used any more.
        unsafe { (self.free)(self.model.as_ptr()) }
    }
}
