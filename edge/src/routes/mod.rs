//! Handlers, one file a subject, named as their routes.

pub mod files;
pub mod html;
pub mod qr;
