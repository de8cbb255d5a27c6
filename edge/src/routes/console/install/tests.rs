//! Tests of the installation's page.
