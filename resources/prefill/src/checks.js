// Check digits of Japanese numbers.

/** The sum of the digits from the right, each times its weight; `from` is where the rest ends. */
const weighed = (digits, weight) =>
  [...digits].reverse().reduce((sum, digit, place) => sum + Number(digit) * weight(place), 0);

const modulus11 = (length, weight) => (line) => {
  if (line.length !== length) return false;
  const rest = weighed(line.slice(0, -1), weight) % 11;
  return Number(line.at(-1)) === (rest <= 1 ? 0 : 11 - rest);
};

/** 法人番号: the first digit checks the twelve others. */
function corporate(line) {
  if (line.length !== 13) return false;
  return Number(line[0]) === 9 - (weighed(line.slice(1), (place) => 1 + (place % 2)) % 9);
}

export const CHECKS = {
  mynumber: modulus11(12, (place) => 2 + (place % 6)), // 平成26年総務省令第85号第5条
  "juminhyo-code": modulus11(11, (place) => 2 + (place % 6)),
  corporate,
};
