//! Small pieces that every page may use. None of them knows what an interview is.
