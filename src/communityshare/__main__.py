from communityshare.cli import main

main()
