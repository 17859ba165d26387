//! Has the crate rebuilt when a migration is added. It generates nothing.

fn main() {
    println!("cargo::rerun-if-changed=../migrations/sqlite");
}
