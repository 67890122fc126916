from __future__ import annotations

from django.urls import URLPattern, path

from fingerpost.web.staff.practice import corrections, find_person, letters, my_referrals, refer, signposting

urlpatterns: list[URLPattern] = [
    path("refer/", refer.refer, name="refer"),
    path("refer/<uuid:person_id>/", refer.refer_known, name="refer_known"),
    path("refer/sent/<uuid:referral_id>/", refer.referred, name="referred"),
    path("signposted/", signposting.signposted, name="signposted"),
    path(
        "signposted/<uuid:signposting_id>/mistake/",
        signposting.signposting_mistake,
        name="signposting_mistake",
    ),
    path("my-referrals/", my_referrals.my_referrals, name="my_referrals"),
    path("my-referrals/<uuid:referral_id>/", my_referrals.my_referral, name="my_referral"),
    path("my-referrals/<uuid:referral_id>/take-back/", corrections.take_back, name="take_back"),
    path("my-referrals/<uuid:referral_id>/mistake/", corrections.mistake, name="referral_mistake"),
    path("letters/<uuid:letter_id>/", letters.letter, name="letter"),
    path("find-person/", find_person.find_person, name="find_person"),
]
