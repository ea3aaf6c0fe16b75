//! The vector path of the resampler against the scalar one.
#![cfg(target_arch = "wasm32")]

#[path = "browser/serve_files.rs"]
mod serve_files;

use thetaone_web::core::audio::dsp::dot::{scalar, simd};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A fixed sequence over many magnitudes, so that the order of the sums shows.
fn noise(seed: u32, length: usize) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..length)
        .map(|_| next() * 10f32.powi((next() * 6.0) as i32))
        .collect()
}

#[wasm_bindgen_test]
fn both_paths_give_the_same_bits_at_every_length() {
    for length in 0..400 {
        let (a, b) = (noise(1, length), noise(2, length));
        assert_eq!(simd(&a, &b).to_bits(), scalar(&a, &b).to_bits(), "{length}");
        // Not aligned to a vector.
        if length > 0 {
            assert_eq!(
                simd(&a[1..], &b[..length - 1]).to_bits(),
                scalar(&a[1..], &b[..length - 1]).to_bits()
            );
        }
    }
}

#[wasm_bindgen_test]
fn numbers_that_are_none_are_the_same_in_both() {
    let mut a = noise(3, 64);
    a[17] = f32::NAN;
    a[40] = f32::INFINITY;
    let b = noise(4, 64);
    assert!(simd(&a, &b).is_nan() && scalar(&a, &b).is_nan());
}
