"""The six garments worn on the body, seen from the front: one half drawn, the other mirrored."""

from model.common.pictograms.paths import ellipse, path, symmetric
from model.common.pictograms.shapes import Line, Piece, Shade, Shape, both


def _ribs(left: float, right: float, top: float, bottom: float, count: int) -> tuple[Shape, ...]:
    """Upright stitches between two heights, as on a knitted hem."""
    step = (right - left) / (count + 1)
    return tuple(
        Line(((left + step * i, top), (left + step * i, bottom)), 6, "deep")
        for i in range(1, count + 1)
    )


T_SHIRT: tuple[Shape, ...] = (
    Piece(symmetric("M 500 150 Q 580 148 640 122 L 600 240 L 500 260"), "lining"),
    Piece(
        symmetric(
            "M 500 248 C 565 246 612 200 632 120 C 700 140 775 165 815 205 "
            "C 865 270 920 360 956 432 Q 960 446 946 454 L 826 514 Q 810 520 802 506 "
            "L 742 408 C 736 560 742 700 750 852 Q 750 872 730 872 L 500 876"
        )
    ),
    *both(
        Shade(path("M 742 408 C 706 520 700 700 716 880 L 780 880 L 780 420 Z")),
        Line(path("M 742 408 C 738 350 730 310 712 270"), 8, "deep"),
        Line(path("M 930 410 L 796 478"), 7, "deep"),
    ),
    Line(path("M 254 838 Q 500 848 746 838"), 7, "deep"),
    Line(path("M 372 128 C 392 208 438 258 500 260 C 562 258 608 208 628 128"), 30, "line"),
    Line(path("M 372 128 C 392 208 438 258 500 260 C 562 258 608 208 628 128"), 17, "light"),
)

_SLEEVE = (
    "M 648 122 C 730 140 800 180 826 260 C 860 400 892 570 914 742 L 808 764 "
    "C 784 650 764 560 736 450 L 690 300 Z"
)

PULLOVER: tuple[Shape, ...] = (
    *both(
        Piece(path(_SLEEVE)),
        Shade(path("M 736 450 C 800 560 816 650 850 760 L 790 790 L 720 520 L 700 330 Z")),
        Piece(
            path(
                "M 806 764 L 916 740 Q 926 736 928 748 L 938 828 Q 939 840 926 843 L 836 862 "
                "Q 824 864 820 852 L 802 776 Q 800 766 806 764 Z"
            ),
            "light",
        ),
        Line(path("M 832 770 L 850 846"), 6, "deep"),
        Line(path("M 859 764 L 878 842"), 6, "deep"),
        Line(path("M 886 758 L 906 836"), 6, "deep"),
    ),
    Piece(symmetric("M 500 126 Q 570 126 616 104 L 590 200 L 500 214"), "lining"),
    Piece(
        symmetric(
            "M 500 206 C 560 204 600 170 620 108 L 652 122 C 690 220 724 330 738 450 "
            "C 740 560 744 690 746 800 L 500 806"
        )
    ),
    *both(
        Shade(path("M 738 450 C 706 540 700 700 712 820 L 780 820 L 780 450 Z")),
        Line(path("M 652 122 C 690 220 724 330 738 450"), 8, "deep"),
    ),
    Piece(
        symmetric("M 500 790 L 738 790 Q 752 790 752 802 L 744 878 Q 742 890 728 890 L 500 894"),
        "light",
    ),
    *_ribs(258, 742, 806, 874, 15),
    Line(path("M 376 106 C 396 178 440 212 500 214 C 560 212 604 178 624 106"), 48, "line"),
    Line(path("M 376 106 C 396 178 440 212 500 214 C 560 212 604 178 624 106"), 33, "light"),
    *both(
        Line(path("M 520 198 L 523 228"), 6, "deep"),
        Line(path("M 557 187 L 569 215"), 6, "deep"),
        Line(path("M 586 162 L 610 182"), 6, "deep"),
        Line(path("M 602 130 L 632 142"), 6, "deep"),
    ),
)

DRESS: tuple[Shape, ...] = (
    Piece(symmetric("M 500 168 Q 560 160 606 112 L 590 230 L 500 270"), "lining"),
    Piece(
        symmetric(
            "M 500 262 C 560 250 590 190 598 66 Q 600 56 612 57 L 650 62 Q 662 64 661 76 "
            "C 650 170 656 240 700 276 C 684 340 640 400 632 462 L 500 470"
        )
    ),
    *both(
        Shade(path("M 700 276 C 650 330 620 400 616 480 L 700 480 Z")),
        Line(path("M 590 464 C 588 410 594 370 606 338"), 7, "deep"),
    ),
    Piece(
        symmetric(
            "M 500 462 L 632 462 C 664 560 760 740 830 896 Q 836 912 820 918 "
            "Q 770 938 720 926 Q 660 952 600 938 Q 550 956 500 944"
        )
    ),
    *both(
        Shade(path("M 600 470 C 640 620 690 780 726 960 L 664 960 C 644 800 620 640 600 470 Z")),
        Shade(path("M 632 462 C 690 620 770 780 800 940 L 860 900 L 660 462 Z")),
    ),
    Shade(path("M 500 470 C 504 640 520 800 540 960 L 480 960 C 490 800 498 640 500 470 Z")),
    Piece(
        symmetric("M 500 440 L 634 436 Q 642 436 642 446 L 642 482 Q 642 492 632 492 L 500 496"),
        "accent",
    ),
)

COAT: tuple[Shape, ...] = (
    *both(
        Piece(
            path(
                "M 640 110 C 730 130 792 170 816 250 C 846 390 872 560 890 716 Q 892 730 878 733 "
                "L 792 748 Q 778 750 775 736 C 764 640 748 540 720 440 L 680 300 Z"
            )
        ),
        Shade(path("M 720 440 C 780 540 800 640 830 760 L 760 770 L 700 480 Z")),
        Line(path("M 780 690 L 886 672"), 8, "line"),
        Piece(ellipse(862, 700, 10), "accent"),
    ),
    Piece(symmetric("M 500 90 L 600 90 L 640 500 L 640 930 L 500 930"), "lining"),
    Line(path("M 500 130 L 500 926"), 6, "line"),
    *both(
        Piece(
            path(
                "M 600 78 L 648 112 C 690 200 718 320 724 440 C 730 600 752 780 768 926 "
                "Q 770 942 754 943 L 588 950 Q 574 950 572 936 "
                "C 560 760 540 600 528 452 L 520 330 Z"
            )
        ),
        Shade(path("M 724 440 C 690 560 700 780 716 960 L 800 960 L 760 440 Z")),
        Line(path("M 648 112 C 690 200 718 320 724 440"), 8, "deep"),
        Piece(
            path(
                "M 606 640 L 712 626 Q 720 625 721 633 L 724 668 Q 725 676 717 677 L 614 690 "
                "Q 606 691 605 683 L 600 650 Q 599 641 606 640 Z"
            ),
            patterned=False,
        ),
        Piece(
            path(
                "M 596 70 L 650 150 L 692 250 L 640 262 L 662 312 L 528 470 "
                "C 520 330 548 190 586 90 Z"
            ),
            "light",
        ),
        Piece(
            path("M 586 66 Q 606 60 622 76 L 702 224 L 650 262 C 620 210 590 150 572 110 Z"),
            "light",
        ),
    ),
    *(Piece(ellipse(x, y, 15), "accent") for x, y in ((562, 520), (570, 620), (580, 720))),
)

SHIRT: tuple[Shape, ...] = (
    *both(
        Piece(path(_SLEEVE)),
        Shade(path("M 736 450 C 800 560 816 650 850 760 L 790 790 L 720 520 L 700 330 Z")),
        Piece(
            path(
                "M 804 752 L 914 730 Q 924 728 926 738 L 940 838 Q 941 848 931 850 L 834 868 "
                "Q 824 870 821 860 L 798 764 Q 796 754 804 752 Z"
            ),
            "light",
        ),
        Piece(ellipse(846, 812, 10), "accent"),
    ),
    Piece(symmetric("M 500 116 Q 570 112 606 92 L 590 190 L 500 220"), "lining"),
    Piece(
        symmetric(
            "M 500 240 L 610 96 L 652 122 C 690 220 724 330 738 450 C 736 560 738 690 748 800 "
            "C 746 850 700 872 640 892 Q 560 914 500 914"
        )
    ),
    *both(
        Shade(path("M 738 450 C 706 540 700 700 712 900 L 780 900 L 780 450 Z")),
        Line(path("M 652 122 C 690 220 724 330 738 450"), 8, "deep"),
    ),
    Piece(path("M 470 230 L 530 230 L 530 912 Q 500 916 470 912 Z"), "light"),
    *(Piece(ellipse(500, y, 12), "accent") for y in (312, 416, 520, 624, 728, 832)),
    Piece(path("M 578 372 L 676 372 L 676 468 L 627 496 L 578 468 Z"), patterned=False),
    Line(path("M 578 396 L 676 396"), 6, "deep"),
    *both(
        Piece(
            path(
                "M 604 74 Q 616 70 624 82 L 668 168 Q 640 220 612 262 Q 606 272 597 263 L 500 222 "
                "C 548 190 584 140 604 74 Z"
            ),
            "light",
        ),
    ),
    Piece(ellipse(500, 240, 12), "accent"),
)

TROUSERS: tuple[Shape, ...] = (
    Piece(symmetric("M 500 66 Q 600 66 668 52 L 660 100 L 500 110"), "lining"),
    Piece(
        symmetric(
            "M 500 128 L 690 120 C 720 260 748 420 752 560 C 758 700 752 820 746 920 "
            "Q 745 938 728 939 L 590 942 Q 574 942 572 926 C 562 760 546 580 514 420 L 500 404"
        )
    ),
    *both(
        Shade(path("M 500 404 C 540 560 580 760 600 960 L 560 960 L 490 420 Z")),
        Line(path("M 660 300 C 672 500 668 700 662 930"), 7, "deep"),
        Line(path("M 600 132 C 604 200 640 246 712 256"), 9, "line"),
        Line(path("M 575 900 L 746 896"), 7, "deep"),
    ),
    Line(path("M 500 128 L 500 404"), 9, "line"),
    Line(path("M 500 330 C 552 322 560 260 558 132"), 7, "deep"),
    Piece(
        symmetric(
            "M 500 78 Q 600 78 676 58 Q 688 56 690 68 L 696 124 Q 696 136 684 137 Q 600 146 500 146"
        ),
        "light",
    ),
    *both(Piece(path("M 606 62 L 634 58 L 640 150 L 612 154 Z"), "cloth", patterned=False)),
    Piece(ellipse(500, 112, 15), "accent"),
)
