//! The way along arrows from one thing to another: for refusing a circle and saying which.

/// Every thing on a way from `from` to `to`, both included; `None` when no arrow leads there.
pub fn way<T: Copy + PartialEq>(arrows: &[(T, T)], from: T, to: T) -> Option<Vec<T>> {
    let (mut ways, mut seen) = (vec![vec![from]], Vec::new());
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        if !seen.contains(&last) {
            seen.push(last);
            ways.extend(arrows.iter().filter(|(tail, _)| *tail == last).map(|(_, head)| way.iter().copied().chain([*head]).collect()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::way;

    #[test]
    fn a_circle_is_found_and_a_diamond_is_none() {
        let arrows = [(1, 2), (1, 3), (2, 4), (3, 4)];
        assert!(way(&arrows, 1, 4).is_some_and(|way| way.len() == 3));
        assert_eq!(way(&arrows, 4, 1), None);
        assert_eq!(way(&[(1, 2), (2, 3), (3, 1)], 2, 1), Some(vec![2, 3, 1]));
        assert_eq!(way(&arrows, 1, 1), Some(vec![1]), "a thing leads to itself");
    }
}
