//! The path along arrows from one thing to another: for refusing a circle and saying which.

/// Every thing on a path from `from` to `to`, both included; `None` when no arrow leads there.
pub fn find_path<T: Copy + PartialEq>(arrows: &[(T, T)], from: T, to: T) -> Option<Vec<T>> {
    let (mut paths, mut seen) = (vec![vec![from]], Vec::new());
    while let Some(path) = paths.pop() {
        let last = *path.last()?;
        if last == to {
            return Some(path);
        }
        if !seen.contains(&last) {
            seen.push(last);
            paths.extend(
                arrows
                    .iter()
                    .filter(|(tail, _)| *tail == last)
                    .map(|(_, head)| path.iter().copied().chain([*head]).collect()),
            );
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::find_path;

    #[test]
    fn a_circle_is_found_and_a_diamond_is_none() {
        let arrows = [(1, 2), (1, 3), (2, 4), (3, 4)];
        assert!(find_path(&arrows, 1, 4).is_some_and(|find_path| find_path.len() == 3));
        assert_eq!(find_path(&arrows, 4, 1), None);
        assert_eq!(find_path(&[(1, 2), (2, 3), (3, 1)], 2, 1), Some(vec![2, 3, 1]));
        assert_eq!(find_path(&arrows, 1, 1), Some(vec![1]), "a thing leads to itself");
    }
}
