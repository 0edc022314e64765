//! Tells Cargo which folders the macros read: migrations always, the built site where it is embedded.
fn main() {
    println!("cargo:rerun-if-changed=migrations");
    #[expect(
        clippy::disallowed_methods,
        reason = "Cargo speaks to build scripts through the environment"
    )]
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo:rerun-if-changed=target/site/pkg");
    }
}
