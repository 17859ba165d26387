//! Which question is on the table, in which language. It knows where a question starts, not how it is judged.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::event::Offset;
use crate::fact::QuestionFact;
use crate::ids::{FilePath, ProblemSlug};

macro_rules! languages {
    ($($variant:ident $name:literal $about:literal;)*) => {
        /// A programming language that a candidate may choose.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Language {
            $(#[doc = $about] #[serde(rename = $name)] $variant,)*
        }

        impl Language {
            /// All of them, in the order they are shown.
            pub const ALL: [Self; [$(Self::$variant),*].len()] = [$(Self::$variant),*];

            /// The name on the wire, in folders and in settings.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The name for people.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$variant => stringify!($variant),)*
                }
            }

            /// The language of that name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|language| language.as_str() == name)
            }
        }
    };
}

// What a language needs to be run is its folder in `service/languages`; everything else knows it from this line.
languages! {
    Python "python" "Python 3.";
    JavaScript "javascript" "JavaScript on Node.";
    TypeScript "typescript" "TypeScript on Node.";
    Go "go" "Go.";
    Rust "rust" "Rust.";
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// A file as a question hands it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartingFile {
    /// Where it lies.
    pub path: FilePath,
    /// What it says.
    pub text: String,
}

/// A question was put.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Which.
    pub question: ProblemSlug,
    /// Its place among the assessment's questions, from zero.
    pub order: u32,
    /// Its title.
    pub title: String,
    /// The language it is answered in.
    pub language: Language,
    /// The files it starts from; they take the place of the last question's.
    pub files: Vec<StartingFile>,
}

/// How a question was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every case of the last run passed.
    Solved,
    /// Some cases passed.
    Partial,
    /// None passed, or nothing was run.
    Unsolved,
}

/// A question was left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Which.
    pub question: ProblemSlug,
    /// How it stood.
    pub outcome: Outcome,
}

/// A question as far as the interview has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Which.
    pub question: ProblemSlug,
    /// Its place, from zero.
    pub order: u32,
    /// Its title.
    pub title: String,
    /// The language it is answered in.
    pub language: Language,
    /// When it was put.
    pub opened_at: Offset,
    /// How it was left, once it was.
    pub outcome: Option<Outcome>,
}

/// All questions put so far, the current one last.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Questions(pub Vec<Question>);

impl Questions {
    /// Folds one fact in.
    pub fn apply(&mut self, at: Offset, fact: &QuestionFact) {
        match fact {
            QuestionFact::Opened(opened) => self.0.push(Question {
                question: opened.question.clone(),
                order: opened.order,
                title: opened.title.clone(),
                language: opened.language,
                opened_at: at,
                outcome: None,
            }),
            QuestionFact::Closed(closed) => {
                for question in self.0.iter_mut().filter(|question| question.question == closed.question) {
                    question.outcome = Some(closed.outcome);
                }
            }
        }
    }

    /// The question on the table.
    pub fn current(&self) -> Option<&Question> {
        self.0.last()
    }
}
