members-title = Участники
members-count = { $count ->
    [one] { $count } участник
    [few] { $count } участника
    [many] { $count } участников
   *[other] { $count } участника
  }
members-former = Больше не в ячейке
members-you = Вы
members-full = Голосует и приглашает
members-not-full = Пока не голосует и не приглашает
members-not-full-why = Сначала за этого человека должен поручиться кто-то, кроме пригласившего.
members-vouch = Поручиться за { $name }
members-vouch-short = Поручиться
members-vouched = { $name } теперь голосует и приглашает.
members-verified = Код сверен
members-not-verified = Код ещё не сверен
members-reachable = На связи
members-not-reachable = Не на связи
members-silent = { $days ->
    [one] Молчит { $days } день
    [few] Молчит { $days } дня
    [many] Молчит { $days } дней
   *[other] Молчит { $days } дня
  }
members-silent-long = Давно ничего не слышно. Спросите другим путём, всё ли в порядке.
members-introduced = Приглашение: { $name }
members-introduced-compared = Приглашение: { $name }, фраза отмечена как сверенная
members-introduced-uncompared = Приглашение: { $name }, фраза не сверена
members-founder = Здесь с основания ячейки
members-suspended = Отстранён: под двумя разными записями стоит одна его подпись
members-removed = Исключён
members-left = Нет в ячейке по своей воле
members-compare = Сверить код: { $name }
members-compare-short = Сверить код
members-remove = Исключить: { $name }…
members-vote-short = Голосовать за исключение…
members-invite = Пригласить
members-more = Подробнее: { $name }
members-restored = Подтвердить восстановленное устройство: { $name }
members-votes = Исключить { $name }: { $votes ->
    [one] { $votes } голос
    [few] { $votes } голоса
    [many] { $votes } голосов
   *[other] { $votes } голоса
  } из { $needed }
members-not-applied = Исключение выполнили { $applied } из { $of }. Остальные, пока не узнают о нём, продолжают писать и для { $name }.
members-all-applied = Исключение выполнили все.
members-empty = Здесь пока только вы. Пригласите первого.
members-failed = Список не прочитался.

safety-title = Сверить код: { $name }
safety-lead = Созвонитесь или встретьтесь: вы и { $name }. Читайте числа по очереди. У обоих они должны совпасть.
safety-digits = Двенадцать групп по пять цифр
safety-words = То же словами
safety-qr = То же картинкой
safety-qr-text = QR-код кода безопасности
safety-same = Всё совпадает
safety-differ = Не совпадает
safety-differ-lead = Тогда между вами может кто-то стоять, или вы смотрите на разные ячейки. Не отмечайте код как сверенный. Не говорите здесь о важном, пока не встретитесь.
safety-already = Вы уже сверяли этот код.
safety-done = Отмечено: код сверен, { $name }.
safety-close = Закрыть

remove-title = Исключить { $name }?
remove-does-title = Что произойдёт
remove-does-vote = Ваш голос будет засчитан сейчас. { $needed ->
    [one] Нужен { $needed } голос
    [few] Нужно { $needed } голоса
    [many] Нужно { $needed } голосов
   *[other] Нужно { $needed } голоса
  }; { $votes ->
    [0] пока нет ни одного
    [one] уже есть { $votes }
    [few] уже есть { $votes }
    [many] уже есть { $votes }
   *[other] уже есть { $votes }
  }.
remove-does-first = Ваш голос будет засчитан сейчас. В небольшой ячейке нужны два голоса, от десяти человек — три.
remove-does-when = С последним голосом { $name } больше не читает ничего от тех, кто об этом знает: сразу от тех, кто на связи, от остальных — когда они появятся.
remove-does-see = { $name } узнает об исключении и о том, кто за него голосовал.
remove-not-title = Чего не произойдёт
remove-not-read = Всё, что { $name } уже знает, останется у { $name }.
remove-not-back = Отменить это нельзя. Вернуться можно только новым человеком, по новому приглашению.
remove-confirm = Голосовать за исключение: { $name }
remove-cancel = Отмена
remove-counted = Ваш голос засчитан. { $votes ->
    [one] { $votes } голос
    [few] { $votes } голоса
    [many] { $votes } голосов
   *[other] { $votes } голоса
  } из { $needed }.
remove-done = { $name } больше не в ячейке.

restored-title = { $name } — это точно тот человек?
restored-lead = Устройство, с которого пишет { $name }, вернулось из старой копии. Так бывает после ремонта. Так бывает и тогда, когда кто-то скопировал диск. Прежде чем подтвердить, спросите голосом или лично.
restored-confirm = Это точно этот человек, пусть снова пишет
restored-cancel = Пока нет

leave-title = Выйти из ячейки { $name }?
leave-lead = Другие увидят, что вы вышли. Читать новое и писать здесь вы больше не будете.
leave-keeps = Прочитанное останется на этом компьютере, пока вы его не сотрёте.
leave-back = Вернуться можно только по новому приглашению, новым человеком.
leave-confirm = Выйти из ячейки
leave-cancel = Остаться
