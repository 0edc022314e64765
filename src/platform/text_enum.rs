//! Closed vocabularies: an enum, its stored word, its way back, and its column type, from one list.

/// A stored word that this version does not know.
#[derive(Debug, thiserror::Error)]
#[error("{found:?} is not a known {vocabulary}")]
pub struct UnknownText {
    pub vocabulary: &'static str,
    pub found: String,
}

/// Declares a fieldless enum with its stored words; on the server it is also a text column.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::platform::text_enum::UnknownText;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::platform::text_enum::UnknownText { vocabulary: stringify!($name), found: word.to_owned() }),
                }
            }
        }

        #[cfg(feature = "ssr")]
        $crate::text_column!($name);
        #[cfg(feature = "ssr")]
        impl From<$name> for $crate::platform::db::Value {
            fn from(word: $name) -> Self { Self::Text(Some(word.as_str().to_owned())) }
        }
        #[cfg(feature = "ssr")]
        impl From<Option<$name>> for $crate::platform::db::Value {
            fn from(word: Option<$name>) -> Self { Self::Text(word.map(|w| w.as_str().to_owned())) }
        }
    };
}

/// Reads a type from a text column on both engines through its `FromStr`.
#[cfg(feature = "ssr")]
#[macro_export]
macro_rules! text_column {
    ($name:ty) => {
        impl<DB: sqlx::Database> sqlx::Type<DB> for $name
        where
            String: sqlx::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <String as sqlx::Type<DB>>::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                <String as sqlx::Type<DB>>::compatible(ty)
            }
        }
        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name
        where
            &'r str: sqlx::Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                Ok(<&'r str as sqlx::Decode<'r, DB>>::decode(value)?.parse()?)
            }
        }
    };
}
