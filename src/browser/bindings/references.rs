//! Exports for `references/`.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::ClientHandle;
use crate::core::references;

#[wasm_bindgen]
impl ClientHandle {
    /// True if references are also stored in IndexedDB.
    #[wasm_bindgen(getter, js_name = persistsReferences)]
    pub fn persists_references(&self) -> bool {
        self.0.options.references.persist
    }

    /// Returns the highest number of references that are stored.
    #[wasm_bindgen(getter, js_name = maxReferences)]
    pub fn max_references(&self) -> u32 {
        u32::try_from(self.0.options.references.max_entries).unwrap_or(u32::MAX)
    }

    /// Returns the cached analysis of `key`, and marks it as used.
    #[wasm_bindgen(js_name = cacheGet)]
    pub fn cache_get(&self, key: &str) -> JsValue {
        let mut cache = self.0.reference_cache.borrow_mut();
        cache.get(key).cloned().unwrap_or_default()
    }

    /// Caches an analysis.
    #[wasm_bindgen(js_name = cacheSet)]
    pub fn cache_set(&self, key: String, analysis: JsValue) {
        self.0.reference_cache.borrow_mut().put(key, analysis);
    }

    /// True if there is a cached analysis of `key`. Does not mark it as used.
    #[wasm_bindgen(js_name = cacheHas)]
    pub fn cache_has(&self, key: &str) -> bool {
        self.0.reference_cache.borrow().has(key)
    }

    /// Removes the cached analysis of `key`. Returns true if there was one.
    #[wasm_bindgen(js_name = cacheDelete)]
    pub fn cache_delete(&self, key: &str) -> bool {
        self.0.reference_cache.borrow_mut().remove(key)
    }

    /// Removes all cached analyses.
    #[wasm_bindgen(js_name = cacheClear)]
    pub fn cache_clear(&self) {
        self.0.reference_cache.borrow_mut().clear();
    }
}

/// Returns the cache key of a reference, from the hash of its audio and its text.
#[wasm_bindgen(js_name = referenceKey)]
pub fn reference_key(sha256: &[u8], gold_text: &str) -> String {
    references::key(sha256, gold_text)
}
