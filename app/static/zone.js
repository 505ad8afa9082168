// Proposes the time zone of whoever sits there, while the letter has none of its own.

const zone = document.querySelector("[data-zone] select");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (zone && [...zone.options].some((option) => option.value === own)) zone.value = own;
