/**
 * Suggests what to be called in a cell, and what to call it: two plain words that belong to no person and no place.
 * Thirty-two of each, so that five bits choose one without a bias. In languages with genders all nouns have one gender,
 * so that every pair agrees.
 */
import type { Language } from "$lib/i18n";

const count = 32;

const words: Record<Language, { first: string; second: string }> = {
  en: {
    first:
      "Amber Calm Early Late Plain Quiet Slow Wide Bright Clear Cool Deep Dry Even Far Fine Gentle Grey High Kind Light Long Low Mild New Open Pale Round Silver Small Soft Warm",
    second:
      "Apple Barn Bench Birch Boat Brook Candle Chair Clover Cup Door Ember Fern Field Garden Hill Kettle Lamp Lantern Leaf Maple Meadow Mill Orchard Pear Pebble River Stone Table Thread Willow Window",
  },
  ru: {
    first:
      "Тихий Ранний Поздний Простой Медленный Широкий Ясный Светлый Дальний Ближний Мягкий Тёплый Летний Зимний Осенний Весенний Белый Серый Синий Лёгкий Долгий Круглый Новый Старый Высокий Сухой Свежий Утренний Вечерний Лесной Речной Садовый",
    second:
      "Берег Ветер Вяз Гриб День Дождь Дом Дуб Зонт Камень Клён Клевер Ключ Колос Компас Куст Лист Луг Мост Орех Остров Папоротник Парус Причал Ручей Сад Снег Стол Стул Туман Фонарь Чайник",
  },
  uk: {
    first:
      "Тихий Ранній Пізній Простий Повільний Широкий Ясний Світлий Далекий Близький М’який Теплий Літній Зимовий Осінній Весняний Білий Сірий Синій Легкий Довгий Круглий Новий Старий Високий Сухий Свіжий Ранковий Вечірній Лісовий Річковий Садовий",
    second:
      "Берег Вітер В’яз Гриб День Дощ Дім Дуб Ліхтар Камінь Клен Мак Ключ Колос Компас Кущ Листок Луг Міст Горіх Острів Барвінок Човен Причал Струмок Сад Сніг Стіл Стілець Туман Жолудь Чайник",
  },
  de: {
    first:
      "Stiller Früher Später Schlichter Langsamer Weiter Klarer Heller Ferner Naher Milder Warmer Kühler Trockener Frischer Weicher Weißer Grauer Blauer Leichter Langer Runder Neuer Alter Hoher Tiefer Ruhiger Sanfter Grüner Offener Kleiner Leiser",
    second:
      "Abend Ahorn Apfel Bach Baum Berg Brunnen Fluss Garten Hafen Herbst Hügel Kessel Kiesel Klee Löffel Mond Morgen Nebel Ofen Pfad Regen Schirm Schnee Sommer Stein Stuhl Tee Teich Tisch Wald Wind",
  },
  ar: {
    first:
      "نهر جبل بحر وادٍ بستان حقل طريق جسر باب شباك مصباح كرسي كتاب قمر نجم مطر ثلج ضباب صباح مساء ربيع شتاء خريف زيتون لوز تين رمان نخيل ينبوع شاطئ حجر قارب",
    second:
      "هادئ بعيد قريب واسع صافٍ مضيء دافئ بارد ليّن بسيط بطيء مبكر قديم جديد طويل عالٍ عميق أبيض أزرق أخضر رمادي فضي خفيف مستدير مفتوح لطيف ناعم صغير كبير جاف طيب ساكن",
  },
};

/** Thirty-two first and thirty-two second words. */
export function wordsOf(language: Language): { first: string[]; second: string[] } {
  const { first, second } = words[language];
  return { first: first.split(" "), second: second.split(" ") };
}

/** Two words at random, by the random numbers of the system. */
export function suggestName(language: Language): string {
  const { first, second } = wordsOf(language);
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint8Array(2));
  return `${first[a % count] ?? ""} ${second[b % count] ?? ""}`;
}
