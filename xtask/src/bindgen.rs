//! `wasm-bindgen` as a library: always of the version in `Cargo.lock`, with nothing to install.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, EncodeInto};

const VARIABLE: &str = "XTASK_IS_WASM_BINDGEN";

/// Writes `widget.js` and `widget_bg.wasm` into `folder`.
pub(crate) fn web(input: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .web(true)?
        .input_path(input)
        .out_name("widget")
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The loader says where the wasm is.
        .omit_default_module_path(true)
        // As has every browser that streams wasm.
        .encode_into(EncodeInto::Always)
        .generate(folder)
}

/// Makes `worker-build` call this very program where it would call `wasm-bindgen`.
pub(crate) fn lend(command: &mut Command) -> Result<()> {
    command.env("WASM_BINDGEN_BIN", std::env::current_exe()?).env(VARIABLE, "1");
    Ok(())
}

/// Whether we were called by `worker-build`.
pub(crate) fn is_wanted() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// Does what `wasm-bindgen` would do with the options that `worker-build` uses.
pub(crate) fn as_program(arguments: &[String]) -> Result<()> {
    let mut bindgen = Bindgen::new();
    // A panic says its file and line; names of functions would only make the worker heavier.
    bindgen.remove_name_section(true).remove_producers_section(true);
    let mut folder = None;
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument} lacks its value"));
        match argument.as_str() {
            "--experimental-reset-state-function" => bindgen.reset_state_function(true),
            "--force-enable-abort-handler" => bindgen.force_enable_abort_handler(true),
            "--no-typescript" => bindgen.typescript(false),
            "--out-dir" => {
                folder = Some(value()?);
                &mut bindgen
            }
            "--out-name" => bindgen.out_name(value()?),
            "--target" => match value()?.as_str() {
                "module" => bindgen.module(true)?,
                other => bail!("worker-build asks for the unknown target {other}"),
            },
            option if option.starts_with('-') => {
                bail!("worker-build asks for the unknown option {option}")
            }
            input => bindgen.input_path(input),
        };
    }
    bindgen.generate(folder.context("worker-build names no folder")?)
}
