//! The program that libFuzzer drives. `VIGIL_FUZZ` names the target; `seeds` writes the corpus anew and ends.

#![no_main]

use std::sync::OnceLock;

static BODY: OnceLock<fuzz::Body> = OnceLock::new();

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let body = BODY.get_or_init(|| {
        let name = std::env::var("VIGIL_FUZZ").unwrap_or_default();
        if name == "seeds" {
            fuzz::seeds::write_all();
            std::process::exit(0);
        }
        let targets = fuzz::targets();
        let Some((_, body)) = targets.iter().find(|(known, _)| *known == name) else {
            let known: Vec<&str> = targets.iter().map(|(name, _)| *name).collect();
            panic!("VIGIL_FUZZ names one of: {}", known.join(" "));
        };
        *body
    });
    body(bytes);
});
