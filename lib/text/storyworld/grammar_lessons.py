"""What each plot teaches: deeds and virtues for its morals."""

from __future__ import annotations

LESSONS = """
lesson_lost:
- 5* [take care of what you love|thank those who help|look again|ask for help|stay calm|keep
  things in their place]
- {moralact}
virtue_lost:
- [patience|helping|friendship|carefulness]
lesson_broken:
- 5* [tell the truth|say sorry|be careful with old things|ask before touching things|mend what is
  broken]
- {moralact}
virtue_broken:
- [honesty|carefulness|courage|forgiveness]
lesson_share:
- 5* [share with others|take turns|share {many}|let others play too|say sorry|be generous]
- {moralact}
virtue_share:
- [sharing|generosity|friendship|kindness]
lesson_fear:
- 5* [be brave|try even when it is scary|take one small step|talk about {fear1}|trust a friend]
- {moralact}
virtue_fear:
- [courage|bravery|trust|confidence]
lesson_rescue:
- 5* [help others|be kind to animals|ask for help|never look away|be gentle with small animals]
- {moralact}
virtue_rescue:
- [kindness|compassion|helping|gentleness]
lesson_skill:
- 5* [practice every day|never give up|try again|be patient|keep on trying]
- {moralact}
virtue_skill:
- [practice|patience|perseverance|effort]
lesson_cook:
- 5* [read everything first|be careful|laugh at a mistake|try again|taste before serving]
- {moralact}
virtue_cook:
- [patience|carefulness|cheerfulness|teamwork]
lesson_build:
- 5* [work together|start again|never give up|plan first|take the time that it needs]
- {moralact}
virtue_build:
- [teamwork|effort|perseverance|patience]
lesson_disobey:
- 5* [listen|do what {k} says|think first|be careful|listen to those who love you]
- {moralact}
virtue_disobey:
- [listening|carefulness|good sense|honesty]
lesson_contest:
- 5* [help others|be fair|be kind to everyone|play for fun|stop for a friend]
- {moralact}
virtue_contest:
- [fairness|kindness|friendship|helpfulness]
lesson_visitor:
- 5* [welcome strangers|help those who are far from home|be kind to those who are different|be
  curious]
- {moralact}
virtue_visitor:
- [kindness|curiosity|tolerance|generosity]
lesson_gift:
- 5* [give from the heart|make things with love|think of others|be thankful]
- {moralact}
virtue_gift:
- [love|thankfulness|generosity|imagination]
lesson_newcomer:
- 5* [be kind to new people|make new friends|talk to those who are alone|let others join in]
- {moralact}
virtue_newcomer:
- [friendship|kindness|tolerance|courage]
lesson_seed:
- 5* [wait|be patient|take care of living things|give things time]
- {moralact}
virtue_seed:
- [patience|carefulness|hope|love]
lesson_noise:
- 5* [look before being afraid|be brave|ask someone to come along|stay calm in the dark]
- {moralact}
virtue_noise:
- [courage|bravery|curiosity|trust]
lesson_lie:
- 5* [tell the truth|be honest|say sorry|own up to mistakes|never tell lies]
- {moralact}
virtue_lie:
- [honesty|truth|courage|trust]
lesson_way:
- 5* [stay near home|ask for help|stay calm|tell someone before going far|never walk alone in the
  fog]
- {moralact}
virtue_way:
- [calm|helping|carefulness|kindness]
lesson_wish:
- 5* [be happy with what we have|be careful with wishes|think of others|love simple things]
- {moralact}
virtue_wish:
- [thankfulness|modesty|friendship|wisdom]
lesson_treasure:
- 5* [share what one finds|work together|be curious|keep going]
- {moralact}
virtue_treasure:
- [friendship|curiosity|teamwork|sharing]
lesson_day:
- 5* [stay close|stay calm|enjoy every day|thank those who help]
- {moralact}
virtue_day:
- [laughter|love|calm|thankfulness]
lesson_greedy:
- 5* [share|stop in time|eat just enough|leave some for others|think of others]
- {moralact}
virtue_greedy:
- [modesty|sharing|self-control|generosity]
lesson_sick:
- 5* [be brave at the doctor|rest when one is ill|listen to the doctor|visit friends who are ill]
- {moralact}
virtue_sick:
- [courage|patience|rest|bravery]
"""
