//! A statement, and the values that it is given.

use uuid::Uuid;

/// What a query may be given. `None` keeps its type, which PostgreSQL wants to know.
#[derive(Clone, Debug)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bool(bool),
    Id(Option<Uuid>),
    Bytes(Vec<u8>),
}

macro_rules! values {
    ($($from:ty => $variant:ident($make:expr)),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self { Self::$variant(($make)(value)) }
        }
    )+};
}
values! {
    i64 => Int(Some),
    Option<i64> => Int(|v| v),
    &str => Text(|v: &str| Some(v.to_owned())),
    &String => Text(|v: &String| Some(v.clone())),
    String => Text(Some),
    Option<String> => Text(|v| v),
    Option<&str> => Text(|v: Option<&str>| v.map(str::to_owned)),
    bool => Bool(|v| v),
    Uuid => Id(Some),
    Option<Uuid> => Id(|v| v),
    Vec<u8> => Bytes(|v| v),
}

/// A statement: one text for both engines. Made by [`sql!`](crate::sql) alone, so a test can prepare every
/// statement of the product on both engines, and hold whose tables it names.
#[derive(Clone, Copy, Debug)]
pub struct Sql(&'static str);

impl Sql {
    #[doc(hidden)]
    pub const fn from_macro(text: &'static str) -> Self {
        Self(text)
    }

    pub const fn text(self) -> &'static str {
        self.0
    }
}

/// A statement of the product as the tests see it: its text, and the module that sends it.
#[cfg(test)]
pub struct SqlStatement {
    pub text: &'static str,
    pub module: &'static str,
    pub file: &'static str,
    pub line: u32,
}

#[cfg(test)]
inventory::collect!(SqlStatement);

/// Makes a [`Sql`] of a text that is known at compile time.
#[macro_export]
macro_rules! sql {
    ($text:expr $(,)?) => {{
        #[cfg(test)]
        inventory::submit! {
            $crate::platform::db::SqlStatement { text: $text, module: module_path!(), file: file!(), line: line!() }
        }
        $crate::platform::db::Sql::from_macro($text)
    }};
}

/// `args![a, b]`: the values of `$1`, `$2`, … in order.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::platform::db::Value::from($value)),*] };
}
