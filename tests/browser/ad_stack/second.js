startAds();
