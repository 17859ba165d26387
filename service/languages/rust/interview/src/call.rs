//! Calls the candidate's function with the arguments on stdin; which types fit is found out by the compiler.

use std::fmt::Display;
use std::io::{self, Read as _};
use std::thread;

use crate::report::{self, Failure};
use crate::{FromJson, Json, ToJson};

/// How much a function may recurse.
const STACK_BYTES: usize = 64 << 20;

/// A function that can be called with JSON. `Arguments` is the tuple of its arguments' types.
#[diagnostic::on_unimplemented(
    message = "the function cannot be called with JSON: an argument or the result has a type that it cannot have",
    note = "up to six arguments: numbers, bool, char, String, &str, Vec, slices, tuples, Option, maps, sets, Json or a record!"
)]
pub trait Call<Arguments> {
    /// Calls it.
    fn call(self, arguments: Vec<Json>) -> Result<Json, Failure>;
}

/// What a function may return: a value, or a value or an error.
#[diagnostic::on_unimplemented(
    message = "a result cannot have the type `{Self}`",
    note = "results are numbers, bool, char, text, Vec, slices, tuples, Option, maps, sets, Json or a record!"
)]
pub trait Answer {
    /// The result, or the error that was returned in its place.
    fn answer(self) -> Result<Json, Failure>;
}

impl<T: ToJson> Answer for T {
    fn answer(self) -> Result<Json, Failure> {
        Ok(self.to_json())
    }
}

impl Answer for () {
    fn answer(self) -> Result<Json, Failure> {
        Ok(Json::Null)
    }
}

impl<T: ToJson, E: Display> Answer for Result<T, E> {
    fn answer(self) -> Result<Json, Failure> {
        self.map(|value| value.to_json()).map_err(|error| Failure::returned(&error.to_string()))
    }
}

macro_rules! calls {
    ($(($count:literal $($kind:ident)*))*) => {$(
        impl<Function, Returned, $($kind),*> Call<($($kind,)*)> for Function
        where
            Function: Fn($($kind),*) -> Returned,
            Returned: Answer,
            $($kind: FromJson,)*
        {
            #[allow(non_snake_case, unused_mut, unused_variables, reason = "one text for all counts of arguments")]
            fn call(self, arguments: Vec<Json>) -> Result<Json, Failure> {
                check_count($count, arguments.len())?;
                let mut arguments = arguments.into_iter().enumerate();
                $(let $kind = argument(arguments.next())?;)*
                self($($kind),*).answer()
            }
        }
    )*};
}
calls! { (0) (1 A) (2 A B) (3 A B C) (4 A B C D) (5 A B C D E) (6 A B C D E F) }

fn check_count(wanted: usize, given: usize) -> Result<(), Failure> {
    if wanted == given {
        return Ok(());
    }
    Err(Failure::refused(&format!("the function takes {wanted} arguments and the case gives {given}")))
}

fn argument<T: FromJson>(given: Option<(usize, Json)>) -> Result<T, Failure> {
    let (place, json) = given.unwrap_or((0, Json::Null));
    T::from_json(json).map_err(|error| {
        let kind = std::any::type_name::<T>().replace("alloc::string::", "").replace("alloc::vec::", "");
        Failure::refused(&format!("argument {} does not fit the type {kind}: {error}", place + 1))
    })
}

/// Calls the function and tells on descriptor 3 what it returned, or why it did not. It does not return.
pub fn run<Arguments>(subject: impl Call<Arguments> + Send + 'static) -> ! {
    let report = report::open();
    report::listen_for_panics();
    let call = move || subject.call(arguments()?);
    let outcome = match thread::Builder::new().name("main".into()).stack_size(STACK_BYTES).spawn(call) {
        Ok(thread) => thread.join().unwrap_or_else(|_| Err(report::panicked())),
        Err(error) => Err(Failure::refused(&format!("the function cannot be called: {error}"))),
    };
    report::tell(report, outcome)
}

fn arguments() -> Result<Vec<Json>, Failure> {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).map_err(|error| Failure::refused(&error.to_string()))?;
    match input.parse() {
        Ok(Json::Array(arguments)) => Ok(arguments),
        Ok(_) => Err(Failure::refused("the arguments are not a list")),
        Err(error) => Err(Failure::refused(&error)),
    }
}
