from __future__ import annotations

from django.urls import URLPattern, path

from fingerpost.web.staff.practice import (
    corrections,
    desk,
    devices,
    find_person,
    letters,
    my_referrals,
    refer,
    signposting,
)

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
    path("remembered-computers/", devices.devices, name="devices"),
    path("remembered-computers/<uuid:link_id>/end/", devices.end_device, name="end_device"),
    path("desk/", desk.desk, name="desk"),
    path("desk/sent/", desk.desk_sent, name="desk_sent"),
    path("desk/set-up/<str:token>/", desk.set_up_desk, name="set_up_desk"),
    path("find-person/", find_person.find_person, name="find_person"),
]
