//! The golden recordings once more, as a plain program that a browser's engine can run: it traps where a stage is not
//! the one that was saved natively. `run.mjs` beside it runs it.

#[path = "../recordings/golden.rs"]
mod golden;

fn main() {
    golden::ALL.iter().for_each(golden::Golden::check_stages);
}
