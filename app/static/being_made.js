// Looks again for a document that is being made, as the button does without script.

setTimeout(() => location.reload(), 2500);
