//! Tests of the guided set-up, as an owner meets it.
