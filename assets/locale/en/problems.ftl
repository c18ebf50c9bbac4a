problem-name-underscore = `{ $name }` contains an underscore
    .why = x
    .hint = y
