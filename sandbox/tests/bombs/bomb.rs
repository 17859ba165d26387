//! A bomb: processes, threads or memory without end, as it is told; it never stops by itself.

use std::io::Write as _;
use std::process::Command;

fn main() {
    let mut arguments = std::env::args();
    let (own, wish) = (arguments.next().unwrap(), arguments.next().unwrap());
    match wish.as_str() {
        "fork" => loop {
            let _ = Command::new(&own).arg("fork").spawn();
        },
        "memory" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(vec![1; 1 << 20]);
            }
        }
        _ => {
            let mut file = std::fs::File::create("filler-of-rust").unwrap();
            while file.write_all(&[1; 1 << 16]).is_ok() {}
            std::process::exit(1);
        }
    }
}
